import { echo } from "./echo.ts";
import type { LoopbackServer } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { ServerReply } from "./server-reply.ts";

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

/** Redirects where the URL says so, and echoes otherwise. */
export async function redirectOrEcho(request: ReceivedRequest): Promise<ServerReply> {
  const text = new URL(request.url).searchParams.get(PARAMETER);
  if (text === null) return echo(request);
  await request.ended;
  const { status, location = request.target, headers } = JSON.parse(text) as Redirect; // written below
  return { status, headers: { ...headers, Location: location } };
}

/** Gives a server the methods that make URLs for it. */
export function withRedirects(server: LoopbackServer): RedirectServer {
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
