/// <reference lib="esnext.disposable" preserve="true" />
import { echo } from "./echo.ts";
import type { LoopbackServer, ServerHandler, ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { ServerReply } from "./server-reply.ts";
import { startServer } from "./start-server.ts";

export interface RedirectOptions {
  /** Default: 302. */
  readonly status?: number | undefined;
  /** The path of the URL that redirects, such as `/private/a`. Default: `/`. */
  readonly path?: string | undefined;
  /** Header fields beside `Location`, such as `Set-Cookie`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A server that redirects wherever a URL of it says, and echoes every other request. */
export interface RedirectServer extends LoopbackServer {
  /**
   * A URL that redirects. Nested ones make a chain: `a.redirect(b.redirect(a.url("/end")))`.
   *
   * @param location the `Location` as it is to stand in the header: absolute, relative, with a user name, malformed
   */
  redirect(location: string, options?: RedirectOptions): string;
  /** A URL that redirects to itself, without an end; its path is `/loop` by default. */
  loop(options?: RedirectOptions): string;
}

// A redirect is all in its URL, so that no server has to know another, and none keeps any state.
const PARAMETER = "redirect";

interface Redirect {
  readonly status: number;
  /** None: to itself. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

async function redirectOrEcho(request: ReceivedRequest): Promise<ServerReply> {
  const text = new URL(request.url).searchParams.get(PARAMETER);
  if (text === null) return echo(request);
  await request.ended;
  const { status, location = request.target, headers } = JSON.parse(text) as Redirect; // written below
  return { status, headers: { ...headers, Location: location } };
}

function withRedirects(server: LoopbackServer): RedirectServer {
  const urlOf = (redirect: Redirect, path: string): string => {
    const url = new URL(path, server.origin);
    url.searchParams.set(PARAMETER, JSON.stringify(redirect));
    return url.href;
  };
  return Object.assign(server, {
    redirect: (location: string, { status = 302, path = "/", headers }: RedirectOptions = {}) =>
      urlOf({ status, location, headers }, path),
    loop: ({ status = 302, path = "/loop", headers }: RedirectOptions = {}) => urlOf({ status, headers }, path),
  });
}

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
