import { parseChallenges } from "@authflow/challenge";
import { defineScheme, originSet, refuseInsecure, type SyncScheme } from "@authflow/flow";
import { AuthenticationScopes } from "./authentication-scopes.ts";
import { credentialsOf } from "./credentials.ts";
import type { BasicOptions } from "./options.ts";

/**
 * Makes a scheme that logs in with a username and a password, and the middleware that drives it.
 *
 * @param options `username` and `password`; the rest is optional, see {@link BasicOptions}
 * @returns the scheme: `basic(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for a username or a password that Basic can't carry
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for an encoding or an origin that is none
 * @throws `ERR_AUTHFLOW_INSECURE_TRANSPORT`, from a call, for plain http if `requireHttps` is set
 * @see {@link https://www.rfc-editor.org/rfc/rfc7617#section-2 RFC 7617 §2}
 *
 * @example
 * ```ts
 * import { basic } from "@authflow/basic";
 *
 * // Stands for the platform's fetch: answers with the credentials that it was sent.
 * const echo = async (_url: string, init?: RequestInit) => new Response(new Headers(init?.headers).get("authorization"));
 *
 * const authFetch = basic({ username: "Aladdin", password: "open sesame" })(echo);
 * console.log(await (await authFetch("https://example.com/")).text()); // → Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==
 * ```
 */
export function basic(options: BasicOptions): SyncScheme {
  // Callers without types may give nothing at all: that is a username that is missing.
  const {
    username,
    password,
    encoding,
    preemptive = true,
    requireHttps,
    origins,
  }: Partial<BasicOptions> = options ?? {};
  const credentials = credentialsOf(username, password, encoding);
  const accepted = new AuthenticationScopes();

  return defineScheme({
    name: "basic",
    sendsOnce: preemptive,
    origins: origins && [...originSet(origins)],

    *authFlow(request) {
      if (requireHttps) refuseInsecure("basic", request.url);

      // §2.2: "A client MAY preemptively send the corresponding Authorization header field". A request that the caller
      // gave these very credentials is no other: they never go to the same challenge twice.
      const { url, headers } = request;
      const unasked = preemptive || accepted.cover(url) || headers.get("authorization") === credentials;
      if (unasked) headers.set("authorization", credentials);
      const first = yield request;
      if (unasked || first.status !== 401 || !asksForBasic(first)) return;

      headers.set("authorization", credentials);
      const second = yield request;
      if (second.status !== 401) accepted.remember(url);
    },
  });
}

/** Whether Basic is among the challenges. Its realm and charset change nothing: there are no other credentials to send. */
function asksForBasic(response: Response): boolean {
  return parseChallenges(response.headers).some(({ scheme }) => scheme === "basic");
}
