// RFC 6749 §6: a client that has tokens already, and keeps them fresh.
import type { Scheme } from "@authflow/flow";
import { assertText } from "./assert-option.ts";
import { createEndpoint } from "./endpoint.ts";
import type { OAuth2Options } from "./options.ts";
import { refreshing } from "./refresh.ts";
import { schemeOf } from "./scheme.ts";
import type { TokenSet } from "./token-set.ts";

/** What {@link refreshToken} takes. */
export interface RefreshTokenOptions extends OAuth2Options {
  /** The tokens, or the refresh token alone. With a store, what came of them later and is kept there wins. */
  readonly tokens: string | (Partial<TokenSet> & { readonly refreshToken: string });
}

/**
 * Makes a scheme that keeps the tokens of a login fresh, which the caller has from elsewhere, and sends the access token
 * with each request.
 *
 * @param options client, server and tokens, see {@link RefreshTokenOptions}
 * @returns the scheme: `refreshToken(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 * @throws `ERR_AUTHFLOW_OAUTH2_…`, from a call, where no token could be had; `_REAUTHORIZE` where only a new login helps
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 §6}
 *
 * @example
 * ```ts
 * import { refreshToken } from "@authflow/oauth2";
 *
 * // Stands for the authorization server and the API.
 * const network = async (url: string, init?: RequestInit) =>
 *   url.endsWith("/token")
 *     ? Response.json({ access_token: "new", token_type: "Bearer", refresh_token: "another", expires_in: 3600 })
 *     : new Response(new Headers(init?.headers).get("authorization"));
 *
 * const scheme = refreshToken({
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "app",
 *   tokens: { accessToken: "old", refreshToken: "one", expiresAt: Date.now() - 1 },
 * });
 * console.log(await (await scheme(network)("https://api.example.com/")).text()); // → Bearer new
 * ```
 */
export function refreshToken(options: RefreshTokenOptions): Scheme {
  const { tokens } = options;
  const given = typeof tokens === "string" ? { refreshToken: tokens } : tokens;
  assertText("The refresh token in `tokens`", given?.refreshToken);
  const endpoint = createEndpoint(options);
  return schemeOf(
    {
      name: "refresh_token",
      identity: [given.refreshToken],
      tokens: { ...given, accessToken: given.accessToken ?? "" },
      refresh: refreshing(endpoint, options),
    },
    endpoint,
    options,
  );
}
