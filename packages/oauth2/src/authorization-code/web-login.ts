// RFC 6749 §4.1 for a web application: the person leaves with one request, and comes back with another.
import { type Fetch, InvalidOptionError } from "@authflow/flow";
import { createEndpoint } from "../endpoint.ts";
import { OAuth2Error } from "#oauth2-error";
import type { ClientOptions, GrantOptions } from "../options.ts";
import { outsideOfCalls } from "../outside-of-calls.ts";
import type { TokenSet } from "../token-set.ts";
import type { PendingAuthorization } from "./authorization-request.ts";
import { beginLogin, finishLogin } from "./login.ts";

/** What {@link webLogin} takes. */
export interface WebLoginOptions extends ClientOptions, GrantOptions {
  /** Where a person comes back to, as it is registered with the server. */
  readonly redirectUri: string | URL;
  /** Where a person is asked; needed with `tokenEndpoint` only. */
  readonly authorizationEndpoint?: string | URL | undefined;
  /** Further parameters of the URL, such as `prompt`, `login_hint` or `audience`. They replace none of the others. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** How the server is asked. Default: the platform's fetch. */
  readonly fetch?: Fetch | undefined;
}

/** The two halves of a login. */
export interface WebLogin {
  /**
   * Begins a login.
   *
   * @returns what to remember in the person's session, and nowhere else; `url` is where to send them
   * @throws `ERR_AUTHFLOW_OAUTH2_DISCOVERY`, `_UNAVAILABLE`
   */
  begin(): Promise<PendingAuthorization>;
  /**
   * Ends it.
   *
   * @param pending what `begin` gave, from the session of the person who came back; it is good once, so take it out there
   * @param back the URL of the request that they came back with
   * @returns tokens for `refreshToken`, if there is a refresh token among them, or `bearer`
   * @throws `ERR_AUTHFLOW_OAUTH2_AUTHORIZATION` if it isn't the answer to what was asked in that session
   * @throws `ERR_AUTHFLOW_OAUTH2_REFUSED` if the person or the server said no
   * @throws `ERR_AUTHFLOW_OAUTH2_REAUTHORIZE` if the code is of no use any more
   */
  finish(pending: PendingAuthorization, back: string | URL): Promise<TokenSet>;
}

/**
 * Logs people in to a web application by authorization code with PKCE, in two halves: the request by which they leave, and the
 * one with which they come back. What is checked is what `authorizationCode` checks.
 *
 * @param options client, server and where to come back to, see {@link WebLoginOptions}
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1 RFC 6749 §4.1}
 *
 * @example
 * ```ts
 * import { webLogin } from "@authflow/oauth2";
 *
 * const login = webLogin({
 *   authorizationEndpoint: "https://auth.example.com/authorize",
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "app",
 *   clientSecret: "s3cret",
 *   redirectUri: "https://app.example.com/callback",
 *   fetch: async () => Response.json({ access_token: "mF_9", token_type: "Bearer" }), // stands for the server
 * });
 *
 * const pending = await login.begin(); // into the session, and the person to pending.url
 * const back = `https://app.example.com/callback?code=c1&state=${pending.state}`; // the request that they come back with
 * console.log((await login.finish(pending, back)).accessToken); // → mF_9
 * ```
 */
export function webLogin(options: WebLoginOptions): WebLogin {
  const { redirectUri, fetch = globalThis.fetch } = options;
  if (!URL.canParse(redirectUri)) throw new InvalidOptionError("`redirectUri` is no URL. Give it whole.");
  const asked = { ...options }; // as it is now: it is used later
  const endpoint = createEndpoint(options);
  return {
    async begin() {
      const pendingFor = await beginLogin(endpoint, outsideOfCalls(fetch), asked);
      return pendingFor(redirectUri);
    },
    async finish(pending: Partial<PendingAuthorization> | undefined, back) {
      if (!isPending(pending)) {
        throw new OAuth2Error(
          "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
          "Somebody came back to a session in which no login was begun. No code was exchanged. Begin one.",
        );
      }
      return finishLogin(endpoint, outsideOfCalls(fetch), asked, pending, back);
    },
  };
}

/** What comes from a session may be missing, and without a state none would be compared. */
const isPending = (pending: Partial<PendingAuthorization> | undefined): pending is PendingAuthorization =>
  [pending?.state, pending?.codeVerifier, pending?.redirectUri].every((one) => typeof one === "string" && one !== "");
