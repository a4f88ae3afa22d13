// The endpoints of an authorization server, as one client calls them.
import { AuthError, InvalidOptionError, isAuthError, isInsecure } from "@authflow/flow";
import * as oauth from "oauth4webapi";
import { type Answer, readAnswer, textOf } from "./answer.ts";
import { attempts, markUnsent } from "./attempts.ts";
import { clientSecretBasic, publicClient, secretOf } from "./client-authentication.ts";
import { discover } from "./discovery.ts";
import type { GrantContext } from "./grant.ts";
import { OAuth2Error } from "#oauth2-error";
import type { ClientOptions } from "./options.ts";
import { redacting } from "./redacting.ts";
import type { MakeRequest, ProcessResponse, RequestOptions } from "./server-request.ts";
import { type TokenSet, tokensOf } from "./token-set.ts";
import { unavailable } from "./unavailable.ts";
import { LONGEST } from "./wait.ts";

/** An authorization server, as one client calls it. Each call has its retries and its time limit. */
export interface Endpoint {
  /** What tells this client at this server from others, for {@link Grant.identity}. */
  readonly identity: readonly unknown[];
  /** The server's metadata, looked up once. */
  server(context: GrantContext): Promise<oauth.AuthorizationServer>;
  /**
   * Calls an endpoint.
   *
   * @param request makes the request; it is called again for each attempt
   * @param check checks the answer, which is status 200 with a JSON object without an `error`
   * @throws OAuth2Error, and what `context.signal` was aborted with
   */
  call<T>(context: GrantContext, request: MakeRequest, check: ProcessResponse<T>, how?: Call): Promise<T>;
  /**
   * Calls the token endpoint.
   *
   * @param request makes the request, see {@link grantRequest}
   * @throws OAuth2Error, and what `context.signal` was aborted with
   */
  tokens(context: GrantContext, request: MakeRequest, how?: TokenCall): Promise<TokenSet>;
}

/** How an endpoint is called. */
export interface Call {
  /** Whether the request spends what is good once: a refresh token, a code. Default: `false`. */
  readonly spends?: boolean | undefined;
  /** Whether an answer without a JSON object is one, too: `{}` then stands for it. Default: `false`. */
  readonly mayBeEmpty?: boolean;
}

/** How the token endpoint is called. */
export interface TokenCall extends Pick<Call, "spends"> {
  /** The tokens that the new ones replace. */
  readonly previous?: TokenSet;
  /** Checks the answer. Default: oauth4webapi's `processGenericTokenEndpointResponse`. */
  readonly check?: ProcessResponse<oauth.TokenEndpointResponse>;
}

/** What else {@link createEndpoint} has to be told. */
export interface EndpointOptions extends ClientOptions {
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * Makes the endpoint of a client.
 *
 * @param given further metadata that the caller gave, such as `{ device_authorization_endpoint: options.… }`
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function createEndpoint(
  options: EndpointOptions,
  given: Readonly<Record<string, string | URL | undefined>> = {},
): Endpoint {
  const { clientId, clientSecret, allowInsecure, timeLimit: limit = 10_000 } = options;
  const { now = Date.now, random = Math.random } = options;
  const authentication =
    options.clientAuth ?? (clientSecret === undefined ? publicClient : clientSecretBasic(clientSecret));
  if (typeof clientId !== "string" || clientId === "") throw new InvalidOptionError("`clientId` is no text, or empty.");
  if (clientSecret !== undefined && options.clientAuth) {
    throw new InvalidOptionError("`clientSecret` and `clientAuth` are both given. Leave one of them out.");
  }
  if (typeof limit !== "number" || !(limit > 0 && limit <= LONGEST)) {
    throw new InvalidOptionError("`timeLimit` is a number of milliseconds above 0, and at most 24 days.");
  }
  const { issuer, ...endpoints } = checkedUrls({
    issuer: options.issuer,
    token_endpoint: options.tokenEndpoint,
    revocation_endpoint: options.revocationEndpoint,
    ...given,
  });
  const token = endpoints["token_endpoint"];
  const audience = issuer ?? token;
  if (!audience) throw new InvalidOptionError("Neither `issuer` nor `tokenEndpoint` is given.");
  const client: oauth.Client = { client_id: clientId };
  const secret = secretOf(authentication);

  /** Makes one request, and reads the answer. */
  const ask = async <T>(
    { send }: GrantContext,
    signal: AbortSignal,
    make: (options: RequestOptions) => Promise<Response>,
    check: (response: Response) => T | Promise<T>,
    mayBeEmpty?: boolean,
  ): Promise<T> => {
    const { redact, note } = redacting(secret);
    let url = audience;
    const broken = (what: string, error: unknown): OAuth2Error =>
      unavailable(`${url} ${what} (${redact(wordsOf(error))})`, { url });
    try {
      const response = await make({
        [oauth.customFetch]: async (href, init) => {
          url = href.replace(/[?#].*/s, "");
          note(init);
          // Here, because what is plain http is known now, and `send` takes the signal by itself.
          if (!allowInsecure && isInsecure(new URL(href))) throw plainHttp(url);
          try {
            return await send(new Request(href, { ...init, body: init.body ?? null }), { signal });
          } catch (error) {
            if (isAuthError(error)) throw error;
            const failure = broken("can't be reached", error);
            throw NO_CONNECTION.test(wordsOf(error)) ? markUnsent(failure) : failure;
          }
        },
        // oxlint-disable-next-line typescript/no-deprecated
        [oauth.allowInsecureRequests]: true,
      });
      const text = await textOf(response).catch((error: unknown) => {
        throw broken("broke off its answer", error);
      });
      const answer = readAnswer(response, text, url, redact, now, mayBeEmpty);
      return await check(Response.json(usable(answer, issuer !== undefined)));
    } catch (error) {
      throw translated(error, url);
    }
  };
  const within = <T>(context: GrantContext, work: (signal: AbortSignal) => Promise<T>, spends?: boolean): Promise<T> =>
    attempts(work, context, { limit, random, spends });

  let known: Promise<oauth.AuthorizationServer> | undefined;
  const server = async (context: GrantContext): Promise<oauth.AuthorizationServer> => {
    if (token) return { issuer: audience, ...endpoints };
    // What failed is asked for again by the next one.
    known ??= within(context, (signal) =>
      discover(new URL(audience), (make, check) => ask(context, signal, make, check)),
    ).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return { ...(await known), ...endpoints };
  };

  const call: Endpoint["call"] = async (context, make, check, how) => {
    const as = await server(context);
    return within(
      context,
      (signal) =>
        ask(
          context,
          signal,
          (requestOptions) => make(as, client, authentication, requestOptions),
          (response) => check(as, client, response),
          how?.mayBeEmpty,
        ),
      how?.spends,
    );
  };

  return {
    identity: [issuer, token, clientId, secret],
    server,
    call,
    async tokens(context, make, { previous, check = oauth.processGenericTokenEndpointResponse, spends } = {}) {
      let sentAt = 0;
      return call(
        context,
        (...parts) => {
          sentAt = now();
          return make(...parts);
        },
        async (...parts) => tokensOf(await check(...parts), sentAt, previous),
        { spends },
      );
    },
  };
}

/** Those URLs that are given, letter by letter: issuers are compared so. */
function checkedUrls(urls: Readonly<Record<string, string | URL | undefined>>): Readonly<Record<string, string>> {
  const checked: Record<string, string> = {};
  for (const [name, url] of Object.entries(urls)) {
    if (url === undefined) continue;
    checked[name] = `${url}`;
    const { protocol, username, password } = URL.canParse(url) ? new URL(url) : {};
    if (!/^https?:$/.test(protocol ?? "") || username || password) {
      const option = name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      throw new InvalidOptionError(`\`${option}\` is no http(s) URL. Give it whole, without user name and password.`);
    }
  }
  return checked;
}

/** What can be used of an answer. */
function usable({ id_token: idToken, expires_in: lifetime, ...answer }: Answer, isIssuerKnown: boolean): object {
  const seconds = Number.parseFloat(String(lifetime));
  return {
    ...answer,
    // A lifetime that is none is none that the server said: the answer may hold the only refresh token that is still good.
    ...(seconds >= 0 && seconds < Infinity && { expires_in: lifetime }),
    // An ID token is good for nothing where it isn't known who may issue it (OpenID Connect Core §3.1.3.7).
    ...(isIssuerKnown && { id_token: idToken }),
  };
}

const plainHttp = (url: string): AuthError =>
  new AuthError(
    "ERR_AUTHFLOW_INSECURE_TRANSPORT",
    `${url} is plain http, which others can read. Nothing was sent. Use https, or set \`allowInsecure\`.`,
    { url },
  );

/** How Node, Deno and Bun say that there was no connection to send anything on. Browsers don't say. */
const NO_CONNECTION =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|connect timeout|tcp connect error|dns error|unable to connect/i;

/** What a transport says. Not the error itself: some carry the request, and with it the secrets. */
const wordsOf = (error: unknown): string =>
  [error, error instanceof Error && error.cause]
    // Of several addresses that were tried Node says the code alone.
    .flatMap((one) => (one instanceof Error ? [one.message || ("code" in one && one.code)] : []))
    .join(": ") || "the fetch inside failed";

/** An error of oauth4webapi as one of ours, without its cause, which is the answer and with it the tokens. */
function translated(error: unknown, url: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string" || !code.startsWith("OAUTH_")) return error;
  const { message } = error as Error; // as was just seen
  return code === oauth.MISSING_SERVER_METADATA || code === oauth.INVALID_SERVER_METADATA
    ? new OAuth2Error("ERR_AUTHFLOW_OAUTH2_DISCOVERY", `The metadata doesn't say where to go: ${message}.`)
    : new OAuth2Error("ERR_AUTHFLOW_OAUTH2_RESPONSE", `${url} answered what is not to be trusted: ${message}.`, {
        url,
      });
}
