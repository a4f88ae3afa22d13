// What every page of the site answers with.
import type { ReceivedRequest, ServerReply } from "@authflow/testing/server";

export type Page = (request: ReceivedRequest) => ServerReply;

export function welcome(you: string): ServerReply {
  return json(200, { you });
}

export function unknown(...challenges: readonly string[]): ServerReply {
  return json(401, { error: "Who are you?" }, { "WWW-Authenticate": challenges });
}

export function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): ServerReply {
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}
