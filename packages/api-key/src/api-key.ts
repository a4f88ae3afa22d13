import { defineScheme, InvalidOptionError, originSet, refuseInsecure, type SyncScheme } from "@authflow/flow";
import { inCookie } from "./cookie.ts";
import { inHeader } from "./header.ts";
import { keyOf } from "./key.ts";
import type { ApiKeyOptions } from "./options.ts";
import type { Place } from "./place.ts";
import { inQuery } from "./query.ts";

/**
 * Makes a scheme that sends an API key with each request, and the middleware that drives it.
 *
 * @param options `value`, and exactly one of `header`, `query` and `cookie`; the rest is optional, see {@link ApiKeyOptions}
 * @returns the scheme: `apiKey(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for a key that can't go where it is to go
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for no place or several, a name that is none, an origin that is none
 * @throws `ERR_AUTHFLOW_FORBIDDEN_HEADER` where the platform drops the header field: browsers drop cookies
 * @throws `ERR_AUTHFLOW_INSECURE_TRANSPORT`, from a call, for plain http if `requireHttps` is set
 * @see {@link https://spec.openapis.org/oas/v3.1.1.html#security-scheme-object OpenAPI, `apiKey`}, which has the three places
 *
 * @example
 * ```ts
 * import { apiKey } from "@authflow/api-key";
 *
 * // Stands for an API: answers with the key that it was sent.
 * const echo = async (_url: string, init?: RequestInit) => new Response(new Headers(init?.headers).get("x-api-key"));
 *
 * const authFetch = apiKey({ header: "x-api-key", value: "abc123" })(echo);
 * console.log(await (await authFetch("https://example.com/")).text()); // → abc123
 * ```
 */
export function apiKey(options: ApiKeyOptions): SyncScheme {
  // Callers without types may give nothing at all: that is a place that is missing.
  const given: Partial<ApiKeyOptions> = options ?? {};
  const { requireHttps, origins } = given;
  const place = placeOf(given);

  return defineScheme({
    name: "api-key",
    sendsOnce: true,
    secretNames: [place.name],
    origins: origins && [...originSet(origins)],

    *authFlow(request) {
      if (requireHttps) refuseInsecure("api-key", request.url);
      yield place.put(request);
    },
  });
}

function placeOf({ header, query, cookie, value }: Partial<ApiKeyOptions>): Place {
  if ([header, query, cookie].filter((name) => name !== undefined).length !== 1) {
    throw new InvalidOptionError("The key goes to exactly one place: give { header }, { query } or { cookie }.");
  }
  const key = keyOf(value);
  if (header !== undefined) return inHeader(header === true ? "X-API-Key" : header, key);
  if (query !== undefined) return inQuery(query === true ? "api_key" : query, key);
  return inCookie(cookie as string, key); // the one that is left
}
