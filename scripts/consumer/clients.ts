// Every client takes a wrapped fetch, and every fetch keeps its own type when it is wrapped: no cast anywhere.
// Compiled against the tarballs in every set-up; nothing here runs.
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { defineScheme } from "@authflow/flow";
import ky from "ky";
import createClient from "openapi-fetch";
import { fetch as undiciFetch } from "undici";
import wretch from "wretch";

const scheme = defineScheme((request) => request);

export const platform: typeof fetch = scheme(fetch);
export const undici: typeof undiciFetch = scheme(undiciFetch);
export const narrow: (url: URL) => Promise<Response> = scheme((url: URL) => fetch(url));

export const kyClient = ky.extend({ fetch: scheme(fetch) });
export const wretchClient = wretch("https://api.example").middlewares([scheme]);
export const openapiClient = createClient<Record<string, never>>({
  baseUrl: "https://api.example",
  fetch: scheme(fetch),
});
export const mcpTransport = new StreamableHTTPClientTransport(new URL("https://mcp.example"), { fetch: scheme(fetch) });
