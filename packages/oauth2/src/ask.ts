// One request to an authorization server, and what becomes of it.
import { AuthError, type FlowContext, isAuthError, isInsecure } from "@authflow/flow";
import * as oauth from "oauth4webapi";
import { type Answer, readAnswer, textOf } from "./answer.ts";
import type { Client } from "./client.ts";
import { OAuth2Error } from "#oauth2-error";
import { redacted, secretsIn } from "./redacting.ts";
import type { RequestOptions } from "./server-request.ts";
import { unavailable } from "./failures.ts";

/** Makes a request with oauth4webapi. */
export type Make = (options: RequestOptions) => Promise<Response>;

/** Checks an answer, which is status 200 with a JSON object without an `error`. */
export type Check<T> = (response: Response) => T | Promise<T>;

/**
 * Makes a request once, and reads the answer.
 *
 * @param mayBeEmpty whether an answer without a JSON object is one, too: `{}` then stands for it
 * @throws OAuth2Error, and what the caller's own functions throw
 */
export async function ask<T>(
  client: Client,
  send: FlowContext["send"],
  signal: AbortSignal,
  make: Make,
  check: Check<T>,
  mayBeEmpty?: boolean,
): Promise<T> {
  const secrets = [client.secret ?? ""];
  const redact = (text: string): string => redacted(text, secrets);
  let url = "";
  /** What it means if something fails now that isn't told by an error of ours. */
  let trouble: string | undefined;
  try {
    const response = await make({
      async [oauth.customFetch](href, init) {
        url = href.replace(/[?#].*/s, "");
        secrets.push(...secretsIn(init));
        // Here, because what is plain http is known now, and `send` takes the signal by itself.
        if (!client.allowInsecure && isInsecure(new URL(href))) throw plainHttp(url);
        trouble = "can't be reached";
        return send(new Request(href, { ...init, body: init.body ?? null }), { signal });
      },
      // oxlint-disable-next-line typescript/no-deprecated
      [oauth.allowInsecureRequests]: true,
    });
    trouble = "broke off its answer";
    const text = await textOf(response);
    trouble = undefined;
    const answer = readAnswer(response, text, url, redact, client.now, mayBeEmpty);
    return await check(Response.json(usable(answer, client)));
  } catch (error) {
    if (isAuthError(error)) throw error;
    if (!trouble) throw translated(error, url);
    throw unavailable(`${url} ${trouble} (${redact(wordsOf(error))})`, { url });
  }
}

const plainHttp = (url: string): AuthError =>
  new AuthError(
    "ERR_AUTHFLOW_INSECURE_TRANSPORT",
    `${url} is plain http, which others can read. Nothing was sent. Use https, or set \`allowInsecure\`.`,
    { url },
  );

/** What can be used of an answer. */
function usable(answer: Answer, { issuer }: Client): object {
  const lifetime = Number.parseFloat(String(answer["expires_in"]));
  return {
    ...answer,
    // One that is none is none that the server said: the answer may hold the only refresh token that is still good.
    expires_in: lifetime >= 0 && lifetime < Infinity ? lifetime : undefined,
    // An ID token is good for nothing where it isn't known who may issue it (OpenID Connect Core §3.1.3.7).
    id_token: issuer && answer["id_token"],
  };
}

/** What an error of a transport may have. */
type Failure = { readonly message?: unknown; readonly code?: unknown; readonly cause?: Failure } | null | undefined;

/** What a transport says. Not the error itself: some carry the request, and with it the secrets. */
const wordsOf = (error: unknown): string =>
  [error as Failure, (error as Failure)?.cause]
    // Of several addresses that were tried Node says the code alone.
    .map((one) => one?.message || one?.code)
    .filter(Boolean)
    .join(": ") || "the fetch inside failed";

/** An error of oauth4webapi as one of ours, without its cause, which is the answer and with it the tokens. */
function translated(error: unknown, url: string): unknown {
  const { code, message } = (error ?? {}) as Partial<Error> & { readonly code?: unknown }; // anything may be thrown
  const [, what] = /^OAUTH_(.+)/.exec(String(code)) ?? [];
  if (!what) return error;
  return what.endsWith("SERVER_METADATA")
    ? new OAuth2Error("ERR_AUTHFLOW_OAUTH2_DISCOVERY", `The metadata doesn't say where to go: ${message}.`)
    : new OAuth2Error("ERR_AUTHFLOW_OAUTH2_RESPONSE", `${url} answered what is not to be trusted: ${message}.`, {
        url,
      });
}
