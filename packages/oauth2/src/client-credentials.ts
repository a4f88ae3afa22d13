// RFC 6749 §4.4: a client that acts for itself.
import type { Scheme } from "@authflow/flow";
import { assertText } from "./assert-option.ts";
import type { ClientAuthentication } from "./client-authentication.ts";
import { createEndpoint } from "./endpoint.ts";
import { grantParameters } from "./grant-parameters.ts";
import type { OAuth2Options } from "./options.ts";
import { schemeOf } from "./scheme.ts";
import { grantRequest } from "./server-request.ts";

/** A client that proves by its secret who it is, or in some other way. */
export type ClientCredentialsOptions = WithClientSecret | WithClientAuth;

interface WithClientSecret extends OAuth2Options {
  readonly clientSecret: string;
}

interface WithClientAuth extends OAuth2Options {
  readonly clientAuth: ClientAuthentication;
}

/**
 * Makes a scheme that gets a token for the client itself, and sends it with each request.
 *
 * It is fetched before the first request, once for any number of concurrent ones; in the background before it expires; and
 * when a server refuses it.
 *
 * Only a client that proves who it is may have this grant. One that does so by the certificate of its connection (RFC 8705,
 * mutual TLS) says so: `clientAuth: (_server, { client_id }, body) => body.set("client_id", client_id)`.
 *
 * @param options client, server and what is asked for, see {@link OAuth2Options}; `clientSecret` or `clientAuth` has to be given
 * @returns the scheme: `clientCredentials(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`, also where neither is, as when the environment variable of the secret isn't set
 * @throws `ERR_AUTHFLOW_OAUTH2_…`, from a call, where no token could be had
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.4 RFC 6749 §4.4}
 *
 * @example
 * ```ts
 * import { clientCredentials } from "@authflow/oauth2";
 *
 * // Stands for the authorization server and the API.
 * const network = async (url: string, init?: RequestInit) =>
 *   url.endsWith("/token")
 *     ? Response.json({ access_token: "mF_9", token_type: "Bearer", expires_in: 3600 })
 *     : new Response(new Headers(init?.headers).get("authorization"));
 *
 * const scheme = clientCredentials({
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "service",
 *   clientSecret: "s3cret",
 * });
 * console.log(await (await scheme(network)("https://api.example.com/")).text()); // → Bearer mF_9
 * ```
 */
export function clientCredentials(options: ClientCredentialsOptions): Scheme {
  const endpoint = createEndpoint(options);
  // "The client credentials grant type MUST only be used by confidential clients."
  if (!options.clientAuth) assertText("`clientSecret` (or `clientAuth`)", options.clientSecret);
  const parameters = grantParameters(options);
  return schemeOf(
    {
      name: "client_credentials",
      identity: [`${parameters}`],
      obtain: (context) => endpoint.tokens(context, grantRequest("client_credentials", parameters)),
    },
    endpoint,
    options,
  );
}
