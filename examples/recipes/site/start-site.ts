import { startServer } from "@authflow/testing/server";
import { makePages } from "./pages.ts";

/** The server that the recipes talk to, on a free port of this machine. */
export interface Site {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** What came and went: the method, the path, the status, and the scheme of the credentials. */
  readonly wire: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a site. Nothing happened there yet: its tokens, nonces and tempers are new. */
export async function startSite(): Promise<Site> {
  const answer = makePages();
  const wire: string[] = [];
  const server = await startServer(async (request) => {
    const reply = await answer(request);
    const [scheme = "no credentials"] = (request.headers.get("authorization") ?? "").match(/^\w+/) ?? [];
    // MCP's client asks for a stream at a moment of its own, so that has no place in an order of events.
    if (reply.status !== 405) wire.push(`${request.method} ${request.target} ${reply.status ?? 200} ${scheme}`);
    return reply;
  });
  return { origin: server.origin, wire, [Symbol.asyncDispose]: () => server.close() };
}
