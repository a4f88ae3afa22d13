import { Listener } from "./listener.ts";
import type { LoopbackServer, ServerHandler, ServerOptions } from "./loopback-server.ts";

/**
 * Starts a server on this machine that answers as a function says.
 *
 * @param handler answers each request; what it throws is a 500 for the client, and thrown by the server's `close()`
 * @param options where it listens
 * @returns the server; close it, or declare it with `await using`
 *
 * @example
 * ```ts
 * import { startServer } from "@authflow/testing/server";
 *
 * await using server = await startServer(() => ({ status: 401, headers: { "WWW-Authenticate": ["Token", "Basic"] } }));
 * const response = await fetch(server.url());
 * console.log(response.status, response.headers.get("www-authenticate")); // → 401 Token, Basic
 * console.log(server.requests.length, server.sockets); // → 1 1
 * ```
 */
export async function startServer(handler: ServerHandler, options: ServerOptions = {}): Promise<LoopbackServer> {
  const listener = new Listener(handler, options.https ?? false);
  await listener.listen(options);
  return listener;
}
