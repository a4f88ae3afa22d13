// OpenID Connect Discovery §4 and RFC 8414 §3: where the endpoints of an authorization server are.
import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";
import { OAuth2Error } from "#oauth2-error";
import type { RequestOptions } from "./server-request.ts";

/** Sends what the first function makes, once, and gives the answer to the second. */
type Ask = (
  make: (options: RequestOptions) => Promise<Response>,
  process: (response: Response) => Promise<AuthorizationServer>,
) => Promise<AuthorizationServer>;

/**
 * Looks up the metadata of an issuer: that of OpenID, and where there is none, or something else, that of OAuth. Some servers
 * have the page of an application, or an error of their own, wherever there is nothing.
 *
 * @throws `ERR_AUTHFLOW_OAUTH2_DISCOVERY`, `_UNAVAILABLE`
 */
export async function discover(issuer: URL, ask: Ask): Promise<AuthorizationServer> {
  const from = (algorithm: "oidc" | "oauth2"): Promise<AuthorizationServer> =>
    ask(
      (options) => discoveryRequest(issuer, { ...options, algorithm }),
      (response) => processDiscoveryResponse(issuer, response),
    );
  try {
    return await from("oidc").catch((error: unknown) => {
      const passes = error instanceof OAuth2Error && error.code === "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE";
      // A server that is out of reach, or busy, says nothing about what it has.
      if (!(error instanceof OAuth2Error) || (passes && (error.status ?? 429) === 429)) throw error;
      return from("oauth2").catch((error_: unknown) => {
        throw passes ? error : error_;
      });
    });
  } catch (error) {
    if (!(error instanceof OAuth2Error) || error.code !== "ERR_AUTHFLOW_OAUTH2_RESPONSE") throw error;
    throw new OAuth2Error(
      "ERR_AUTHFLOW_OAUTH2_DISCOVERY",
      `${error.message} No metadata of this issuer was found: check \`issuer\`, or give \`tokenEndpoint\`.`,
      { url: error.url, status: error.status },
    );
  }
}
