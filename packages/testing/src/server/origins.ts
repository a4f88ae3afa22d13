/// <reference lib="esnext.disposable" preserve="true" />
import type { ServerHandler, ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { redirectOrEcho, type RedirectServer, withRedirects } from "./redirect.ts";
import { startServer } from "./start-server.ts";

/** Several servers, each an origin of its own. */
export interface Origins<Name extends string> {
  readonly servers: Readonly<Record<Name, RedirectServer>>;
  /** The requests to all of them, in the order in which they came. */
  readonly requests: readonly ReceivedRequest[];
  /** Closes all of them. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server for each name. Each is an origin of its own, by its port at least, redirects wherever a URL of it
 * says, and echoes every other request.
 *
 * @param places where each listens, by name
 * @returns the servers by name; close them, or declare what is returned with `await using`
 *
 * @example
 * ```ts
 * import { startOrigins } from "@authflow/testing/server";
 *
 * await using origins = await startOrigins({ a: {}, b: { hostname: "localhost" } });
 * const { a, b } = origins.servers;
 * const response = await fetch(a.redirect(b.redirect(a.url("/end"), { status: 307 })));
 * console.log(response.url === a.url("/end"), origins.requests.length); // → true 3
 * ```
 */
export async function startOrigins<Name extends string>(
  places: Readonly<Record<Name, ServerOptions>>,
): Promise<Origins<Name>> {
  const requests: ReceivedRequest[] = [];
  const handler: ServerHandler = (request) => {
    requests.push(request);
    return redirectOrEcho(request);
  };
  const started = await Promise.all(
    Object.entries<ServerOptions>(places).map(async ([name, place]): Promise<[string, RedirectServer]> => [
      name,
      withRedirects(await startServer(handler, place)),
    ]),
  );
  const close = async (): Promise<void> => {
    await Promise.all(started.map(([, server]) => server.close()));
  };
  return {
    servers: Object.fromEntries(started) as Record<Name, RedirectServer>, // it has exactly these names
    requests,
    close,
    [Symbol.asyncDispose]: close,
  };
}
