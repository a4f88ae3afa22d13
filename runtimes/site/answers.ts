// How a place of the site answers, by what a case has said of it.
import {
  digestHash,
  DigestVerifier,
  type ReceivedRequest,
  type ServerReply,
  type Wire,
} from "@authflow/testing/server";
import type { Behaviour, OriginName, Reply } from "./behaviour.ts";

/** A request, and where it arrived. */
export interface Arrival {
  readonly origin: OriginName;
  readonly request: ReceivedRequest;
  /** What a digest server made of it. */
  verdict?: string;
}

export type Answer = (arrival: Arrival, wire: Wire) => ServerReply | undefined | Promise<ServerReply | undefined>;

/** By which a page of another origin sees every header. */
const EXPOSING = { "Access-Control-Expose-Headers": "*" };

export function answerOf(behaviour: Behaviour): Answer {
  if ("digest" in behaviour) return digestAnswer(new DigestVerifier(behaviour.digest));
  if ("wants" in behaviour) {
    const { wants, refusal } = behaviour;
    return (arrival, wire) =>
      answer(arrival.request.headers.get("authorization") === wants ? {} : refusal, arrival, wire);
  }
  let count = 0;
  const { replies } = behaviour;
  return (arrival, wire) => answer(replies[count++] ?? replies.at(-1) ?? {}, arrival, wire);
}

async function answer(reply: Reply, { request }: Arrival, wire: Wire): Promise<ServerReply | undefined> {
  if (reply.when !== "at once") await request.ended;
  if (reply.fault === "reset") wire.reset();
  if (reply.fault === "silence") wire.keepSilent();
  const headers = [...linesOf(reply.headers), ["Cache-Control", "no-store"] as const];
  if (!reply.isUnexposed) headers.push(["Access-Control-Expose-Headers", "*"]);
  return { status: reply.status, headers, body: bodyOf(reply) };
}

function bodyOf({ body, fault }: Reply): ServerReply["body"] {
  if (fault === "endless") return endless();
  return typeof body === "number" ? new Uint8Array(body) : body;
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(16 * 1024);
}

/** As the digest server of @authflow/testing does it, at a place of this site. */
function digestAnswer(verifier: DigestVerifier): Answer {
  return async (arrival) => {
    const { request } = arrival;
    await request.ended;
    const verdict = verifier.verify({
      method: request.method,
      target: request.target,
      authorization: request.headers.get("authorization"),
      entity: (algorithm) => digestHash(algorithm, request.body),
    });
    arrival.verdict = verdict.reason;
    if (verdict.status !== 200)
      return { status: verdict.status, headers: { ...EXPOSING, "WWW-Authenticate": verdict.challenges } };
    const info = verdict.authenticationInfo("welcome");
    return {
      headers: { ...EXPOSING, ...(info !== undefined && { "Authentication-Info": info }) },
      body: Buffer.from("welcome"),
    };
  };
}

/** The lines of a header, one after the other. */
export function linesOf(headers: ServerReply["headers"]): [name: string, value: string][] {
  const fields = Array.isArray(headers) ? headers : Object.entries(headers ?? {});
  return (fields as readonly (readonly [string, string | readonly string[]])[]).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((line): [string, string] => [name, line]),
  );
}
