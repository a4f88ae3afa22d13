import { defineScheme, InvalidOptionError, originSet, perOrigin, refuseInsecure } from "@authflow/flow";
import type { Scheme, SyncScheme } from "@authflow/flow";
import { credentialsOf } from "./credentials.ts";
import { keepToken, type KeptToken, type Refusal, type Token } from "./kept-token.ts";
import type { BearerOptions, TokenSource, TokenSourceOptions } from "./options.ts";
import { refusalIn } from "./refusal.ts";

/**
 * Makes a scheme that sends a bearer token with each request, and the middleware that drives it.
 *
 * A function is asked for the token before the first request to an origin, once for any number of concurrent requests.
 * When a server refuses the token it is asked once more, again for all of them, and each is sent a second time.
 *
 * @param token the token, or a function that gives it, see {@link TokenSource}
 * @param options where it may go and, for a function, when it is asked, see {@link TokenSourceOptions}
 * @returns the scheme: `bearer(token)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for what is no bearer token; from a call, if the function gives that
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an origin or a back-off that is none
 * @throws `ERR_AUTHFLOW_INSECURE_TRANSPORT`, from a call, for plain http if `requireHttps` is set
 * @throws what the function throws, from the calls that wait for it
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750 §2.1} for the request
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750 §3} for the refusal
 *
 * @example
 * ```ts
 * import { bearer } from "@authflow/bearer";
 *
 * // Stands for an API: answers with the credentials that it was sent.
 * const echo = async (_url: string, init?: RequestInit) => new Response(new Headers(init?.headers).get("authorization"));
 *
 * const authFetch = bearer("mF_9.B5f-4.1JqM")(echo);
 * console.log(await (await authFetch("https://example.com/")).text()); // → Bearer mF_9.B5f-4.1JqM
 * ```
 */
export function bearer(token: string, options?: BearerOptions): SyncScheme;
export function bearer(source: TokenSource, options?: TokenSourceOptions): Scheme;
export function bearer(token: string | TokenSource, options?: BearerOptions): Scheme;
export function bearer(token: string | TokenSource, options: TokenSourceOptions = {}): Scheme {
  return typeof token === "function" ? askingScheme(token, options) : fixedScheme(token, options);
}

function fixedScheme(text: string, { requireHttps, origins }: BearerOptions): SyncScheme {
  const token: Token = { credentials: credentialsOf(text) };
  return defineScheme({
    name: "bearer",
    sendsOnce: true,
    origins: origins && [...originSet(origins)],

    *authFlow(request) {
      if (requireHttps) refuseInsecure("bearer", request.url);
      yield carrying(request, token);
    },
  });
}

function askingScheme(source: TokenSource, options: TokenSourceOptions): Scheme {
  const { requireHttps, origins, perRequest, bare401 = false, backOff = 1000, now = () => performance.now() } = options;
  if (typeof backOff !== "number" || !(backOff >= 0)) {
    throw new InvalidOptionError("`backOff` is a number of milliseconds, 0 or more.");
  }
  const make = (): KeptToken => keepToken(source, backOff, now);
  const keptAt = perOrigin(make);

  const keptFor = ({ url }: Request): KeptToken => {
    if (requireHttps) refuseInsecure("bearer", url);
    return perRequest ? make() : keptAt(url);
  };
  const refusalOf = (token: Token, { headers }: Request, response: Response): Refusal | undefined => {
    // A scheme further outside may have set another one, and then this one was not refused.
    const challenge = headers.get("authorization") === token.credentials && refusalIn(response, bare401);
    return challenge ? { token, challenge } : undefined;
  };

  return defineScheme({
    name: "bearer",
    origins: origins && [...originSet(origins)],

    async *asyncAuthFlow(request, { signal }) {
      const tokens = keptFor(request);
      const first = await tokens.get(request, signal);
      const refusal = refusalOf(first, request, yield carrying(request, first));
      if (!refusal) return;
      const second = await tokens.get(request, signal, refusal);
      if (second.credentials !== first.credentials) yield carrying(request, second);
    },

    *syncAuthFlow(request) {
      const tokens = keptFor(request);
      const first = tokens.getNow(request);
      const refusal = refusalOf(first, request, yield carrying(request, first));
      if (!refusal) return;
      const second = tokens.getNow(request, refusal);
      if (second.credentials !== first.credentials) yield carrying(request, second);
    },
  });
}

/** §2.1: "Authorization: Bearer mF_9.B5f-4.1JqM" */
function carrying(request: Request, { credentials }: Token): Request {
  request.headers.set("authorization", credentials);
  return request;
}
