import type { LoopbackServer, ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { ServerReply } from "./server-reply.ts";
import { startServer } from "./start-server.ts";

/** What an echo tells of a request, as JSON. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  /** Every header line in order, in its own letter case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Of the body, in bytes. */
  readonly length: number;
  /** Of every byte of the body, in hex. */
  readonly sha256: string;
  /** Whether the body came in whole. */
  readonly complete: boolean;
}

/** Reads a request to its end and tells what it was. */
export async function echo(request: ReceivedRequest): Promise<ServerReply> {
  await request.ended;
  const { method, url, rawHeaders: headers, length, sha256, complete } = request;
  const told: Echo = { method, url, headers, length, sha256, complete };
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(told) };
}

/**
 * Starts a server that answers every request with what it was: method, URL, all headers, and the SHA-256 of its body.
 *
 * @returns the server; the JSON of its answers is an {@link Echo}
 *
 * @example
 * ```ts
 * import { type Echo, echoServer } from "@authflow/testing/server";
 *
 * await using server = await echoServer();
 * const response = await fetch(server.url("/upload"), { method: "PUT", body: "hello" });
 * const { method, length } = (await response.json()) as Echo;
 * console.log(method, length); // → PUT 5
 * ```
 */
export function echoServer(options: ServerOptions = {}): Promise<LoopbackServer> {
  return startServer(echo, options);
}
