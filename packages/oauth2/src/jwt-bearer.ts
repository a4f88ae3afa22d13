// RFC 7523 §2.1: a signed assertion of who somebody is, in exchange for a token.
import type { Scheme } from "@authflow/flow";
import { createEndpoint } from "./endpoint.ts";
import { grantParameters } from "./grant-parameters.ts";
import type { OAuth2Options } from "./options.ts";
import { refreshing } from "./refresh.ts";
import { schemeOf } from "./scheme.ts";
import { grantRequest } from "./server-request.ts";
import { isUnspent } from "./spending.ts";
import { assertSource, identityOf, type TokenSource, valueOf } from "./token-source.ts";

/** What {@link jwtBearer} takes. */
export interface JwtBearerOptions extends OAuth2Options {
  /**
   * The signed JWT, or a function that gives one each time that it is needed: it expires. Tokens that come of a function are
   * shared through a store only if that has a `key`.
   */
  readonly assertion: TokenSource;
}

/**
 * Makes a scheme that gets a token for an assertion, such as of a service account, and sends it with each request.
 *
 * @param options client, server and assertion, see {@link JwtBearerOptions}
 * @returns the scheme: `jwtBearer(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 * @throws `ERR_AUTHFLOW_OAUTH2_…`, from a call, where no token could be had; `_REAUTHORIZE` where the assertion is refused
 * @throws what the function throws, from the calls that wait for it
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-2.1 RFC 7523 §2.1}
 *
 * @example
 * ```ts
 * import { jwtBearer } from "@authflow/oauth2";
 *
 * const signedNow = async () => "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"; // such as with jose's SignJWT
 * // Stands for the authorization server and the API.
 * const network = async (request: Request) =>
 *   request.method === "POST"
 *     ? Response.json({ access_token: "mF_9", token_type: "Bearer" })
 *     : new Response(request.headers.get("authorization"));
 *
 * const scheme = jwtBearer({ tokenEndpoint: "https://auth.example.com/token", clientId: "robot", assertion: signedNow });
 * console.log(await (await scheme(network)(new Request("https://api.example.com/"))).text()); // → Bearer mF_9
 * ```
 */
export function jwtBearer(options: JwtBearerOptions): Scheme {
  const { assertion } = options;
  assertSource("assertion", assertion);
  const asked = { ...options }; // as it is now: it is used later
  const endpoint = createEndpoint(options);
  return schemeOf(
    {
      name: "jwt_bearer",
      identity: [`${grantParameters(options)}`, identityOf(assertion)],
      async obtain(context) {
        const parameters = grantParameters(asked, { assertion: await valueOf(assertion) });
        return endpoint.tokens(context, grantRequest("urn:ietf:params:oauth:grant-type:jwt-bearer", parameters), {
          isUnspent, // RFC 7523 §3 no. 7: by its `jti` an assertion may be good once
        });
      },
      // Without the scope: less may have been granted than was asked for, and more is refused (RFC 6749 §6).
      refresh: refreshing(endpoint, { ...asked, scope: undefined }),
    },
    endpoint,
    options,
  );
}
