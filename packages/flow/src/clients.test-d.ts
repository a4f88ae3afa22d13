// The middleware fits the fetch of each of these clients without a cast, and is given back as that very type.
// Nothing here runs; `tsc -p tsconfig.test.json` reads it.
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import ky from "ky";
import ky1 from "ky1";
import { createFetch, ofetch } from "ofetch";
import createClient from "openapi-fetch";
import * as undici from "undici";
import wretch, { type ConfiguredMiddleware } from "wretch";
import { expectTypeOf } from "vitest";
import { defineScheme, runFlow } from "./index.ts";

const scheme = defineScheme({
  name: "token",
  *authFlow(request) {
    request.headers.set("authorization", "Token 123");
    yield request;
  },
});

// The platform's fetch, in and out.
export const platform: typeof globalThis.fetch = scheme(globalThis.fetch);
export const platformByName: typeof fetch = scheme(scheme(fetch));
export const byRunner: typeof fetch = runFlow(scheme, fetch);

// undici: its own Request, Headers and Response.
export const undiciFetch: typeof undici.fetch = scheme(undici.fetch);
export const undiciResponse: Promise<undici.Response> = scheme(undici.fetch)(new undici.Request("https://a.test/"), {
  dispatcher: new undici.Agent(),
});

// ky 2 and 1: their `fetch` option, and an instance as the fetch that is wrapped.
export const ky2 = ky.create({ fetch: scheme(fetch) });
export const ky2Extended = ky.extend({ fetch: scheme((input, init) => fetch(input, init)) });
export const ky1Client = ky1.create({ fetch: scheme(fetch) });
export const wrappedKy2: typeof ky = scheme(ky);
export const wrappedKy1: typeof ky1 = scheme(ky1);

// wretch: as a middleware as it stands, and as its fetch.
export const wretchMiddleware: ConfiguredMiddleware = scheme;
export const wretchClient = wretch("https://a.test").middlewares([scheme]);
export const wretchOptions = wretch("https://a.test").middlewares([
  (next) => runFlow(scheme, next, { replayLimit: 0 }),
]);
export const wretchPolyfill = wretch("https://a.test").fetchPolyfill(scheme(fetch));

// ofetch.
export const ofetchClient = ofetch.create({}, { fetch: scheme(fetch) });
export const ofetchCreated = createFetch({ fetch: scheme(fetch) });

// openapi-fetch.
interface Paths {
  "/x": { get: { responses: { 200: { content: { "application/json": { name: string } } } } } };
}
export const openapi = createClient<Paths>({ baseUrl: "https://a.test", fetch: scheme(fetch) });
export const openapiRequest = createClient<Paths>({ fetch: scheme((request: Request) => fetch(request)) });

// MCP: the `fetch` of its transport, whose type takes no Request.
declare const mcpFetch: FetchLike;
export const mcp = new StreamableHTTPClientTransport(new URL("https://a.test/mcp"), { fetch: scheme(fetch) });
expectTypeOf(scheme(mcpFetch)).toEqualTypeOf<FetchLike>();
