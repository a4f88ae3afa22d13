import { echo } from "./echo.ts";
import { Listener, LoopbackServer, type ServerHandler, type ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { ServerReply } from "./server-reply.ts";

export interface RedirectOptions {
  /** Default: 302. */
  readonly status?: number | undefined;
  /** The path of the URL that redirects, such as `/private/a`. Default: `/`. */
  readonly path?: string | undefined;
}

/** A server that redirects wherever a URL of it says, and echoes every other request. */
export class RedirectServer extends LoopbackServer {
  /**
   * A URL that redirects. Nested ones make a chain: `a.redirect(b.redirect(a.url("/end")))`.
   *
   * @param location the `Location` as it is to stand in the header: absolute, relative, with a user name, malformed
   */
  redirect(location: string, { status = 302, path = "/" }: RedirectOptions = {}): string {
    const url = new URL(path, this.origin);
    url.searchParams.set(STATUS, String(status));
    url.searchParams.set(LOCATION, location);
    return url.href;
  }

  /** A URL that redirects to itself, without an end. */
  loop({ status = 302, path = "/loop" }: RedirectOptions = {}): string {
    const url = new URL(path, this.origin);
    url.searchParams.set(STATUS, String(status));
    return url.href;
  }
}

// A redirect is all in its URL, so that no server has to know the others, and none keeps any state.
const STATUS = "redirect-status";
const LOCATION = "redirect-to";

/** Redirects where the URL says so; echoes otherwise. */
async function redirectOrEcho(request: ReceivedRequest): Promise<ServerReply> {
  const { searchParams } = new URL(request.url);
  const status = Number(searchParams.get(STATUS));
  if (!status) return echo(request);
  await request.ended;
  return { status, headers: { Location: searchParams.get(LOCATION) ?? request.target } };
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
 * Starts a server for each name, each an origin of its own, by its port at least, that redirects wherever a URL says.
 *
 * @param places where each listens, by name
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
  const names = Object.keys(places) as Name[]; // the type says that it has no others
  const started = await Promise.all(
    names.map(async (name) => [name, await Listener.start(handler, places[name], RedirectServer)] as const),
  );
  const close = async (): Promise<void> => {
    await Promise.all(started.map(([, server]) => server.close()));
  };
  return {
    servers: Object.fromEntries(started) as Record<Name, RedirectServer>,
    requests,
    close,
    [Symbol.asyncDispose]: close,
  };
}
