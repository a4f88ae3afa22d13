// OpenID Connect Discovery §4 and RFC 8414 §3: where the endpoints of an authorization server are.
import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";
import { OAuth2Error } from "#oauth2-error";
import type { RequestOptions } from "./server-request.ts";

/** Sends what the first function makes and gives the answer to the second. */
type Ask = (
  make: (options: RequestOptions) => Promise<Response>,
  process: (response: Response) => Promise<AuthorizationServer>,
) => Promise<AuthorizationServer>;

/**
 * Looks up the metadata of an issuer: that of OpenID, and where there is none, that of OAuth.
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
      if (error instanceof OAuth2Error && error.code === "ERR_AUTHFLOW_OAUTH2_RESPONSE") return from("oauth2");
      throw error;
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
