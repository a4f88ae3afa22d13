import type { ServerReply } from "@authflow/testing/server";
import type { Cell } from "./matrix.ts";
import type { Arrival } from "./places.ts";
import { ISSUED_TOKEN } from "./schemes.ts";

const BEARER = 'Bearer realm="matrix", error="invalid_token"';

/** What the token endpoint answers (RFC 6749 §5.1). */
const TOKEN: ServerReply = {
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ access_token: ISSUED_TOKEN, token_type: "Bearer", expires_in: 3600 }),
};

/** What the server of a step says. */
export function reply(
  { subjects, journey, status }: Cell,
  arrival: Arrival,
  url: (step: number) => string,
): ServerReply {
  const { step, place } = arrival;
  const { hops, from } = journey;
  if (place === "issuer") return TOKEN;
  const digest = `Digest realm="matrix", nonce="n${step}", qop="auth", algorithm=SHA-256`;
  if (hops[step - 1]?.asks)
    return { status: 401, headers: { "WWW-Authenticate": [digest, 'Basic realm="matrix"', BEARER] } };
  const left = place !== from || hops.slice(0, Math.max(step, 0)).some(({ to }) => to !== from);
  const authorization = arrival.headers.get("authorization");
  if (!left && authorization === null && subjects.some(({ waits }) => waits)) {
    return { status: 401, headers: { "WWW-Authenticate": [digest, 'Basic realm="matrix"'] } };
  }
  if (!left && subjects.some(({ refused }) => refused !== undefined && authorization?.includes(refused))) {
    return { status: 401, headers: { "WWW-Authenticate": BEARER } };
  }
  const next = hops[step];
  if (!next || step < 0) return { status: 200, body: "arrived" };
  const { location = (text) => text } = next;
  return { status, headers: { Location: location(url(step + 1), arrival) }, body: "moved" };
}
