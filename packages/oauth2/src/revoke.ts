// RFC 7009: a client says that it needs its tokens no more.
import { type Fetch, InvalidOptionError } from "@authflow/flow";
import { processRevocationResponse, revocationRequest } from "oauth4webapi";
import { outsideOfCalls } from "./outside-of-calls.ts";
import { behind } from "./scheme.ts";

/**
 * Gives the tokens of a scheme back: they are forgotten here and in the store, and then the server is told. The refresh token
 * is revoked, with which servers end the access tokens that came of it; where there is none, the access token.
 *
 * @param scheme what a factory of this package made
 * @param fetch how the server is told. Default: the platform's
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for any other scheme
 * @throws `ERR_AUTHFLOW_OAUTH2_…` if the server couldn't be told; the tokens are forgotten all the same
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009#section-2.1 RFC 7009 §2.1}
 *
 * @example
 * ```ts
 * import { clientCredentials, revoke } from "@authflow/oauth2";
 *
 * const network = async (input: Request | string) => {
 *   const url = typeof input === "string" ? input : input.url;
 *   if (url.endsWith("/token")) return Response.json({ access_token: "mF_9", token_type: "Bearer" });
 *   console.log(url, typeof input === "string" ? "" : await input.text());
 *   return new Response();
 * };
 * const scheme = clientCredentials({
 *   tokenEndpoint: "https://auth.example.com/token",
 *   revocationEndpoint: "https://auth.example.com/revoke",
 *   clientId: "service",
 *   clientSecret: "s3cret",
 * });
 * await scheme(network)("https://api.example.com/");
 * // → https://api.example.com/
 * await revoke(scheme, network as typeof fetch);
 * // → https://auth.example.com/revoke token_type_hint=access_token&token=mF_9
 * ```
 */
export async function revoke(scheme: object, fetch: Fetch = globalThis.fetch): Promise<void> {
  const { endpoint, tokens } = behind(scheme) ?? {};
  if (!endpoint || !tokens)
    throw new InvalidOptionError("This is no scheme of @authflow/oauth2, so it has no tokens to revoke.");
  const taken = await tokens.take();
  const [hint, token] = taken?.refreshToken
    ? ["refresh_token", taken.refreshToken]
    : ["access_token", taken?.accessToken];
  // A refresh token that was given alone, and refused, has left nothing.
  if (!token) return;
  await endpoint.call(
    outsideOfCalls(fetch),
    (server, client, authentication, options) =>
      revocationRequest(server, client, authentication, token, {
        ...options,
        additionalParameters: { token_type_hint: hint },
      }),
    (_server, _client, response) => processRevocationResponse(response),
    { mayBeEmpty: true },
  );
}
