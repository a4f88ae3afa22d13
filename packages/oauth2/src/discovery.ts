// OpenID Connect Discovery §4 and RFC 8414 §3: where the endpoints of an authorization server are.
import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";
import { OAuth2Error } from "#oauth2-error";
import type { Check, Make } from "./ask.ts";
import { isUnavailable } from "./failures.ts";

/**
 * Looks up the metadata of an issuer: that of OpenID, and where there is none, or something else, that of OAuth. Some servers
 * have the page of an application, or an error of their own, wherever there is nothing.
 *
 * @param ask asks once
 * @throws `ERR_AUTHFLOW_OAUTH2_DISCOVERY`, `_UNAVAILABLE`
 */
export async function discover(
  issuer: URL,
  ask: (make: Make, check: Check<AuthorizationServer>) => Promise<AuthorizationServer>,
): Promise<AuthorizationServer> {
  let failure: unknown;
  for (const algorithm of ["oidc", "oauth2"] as const) {
    try {
      return await ask(
        (options) => discoveryRequest(issuer, { ...options, algorithm }),
        (response) => processDiscoveryResponse(issuer, response),
      );
    } catch (error) {
      // What passes is tried again: the other one may be missing for good.
      if (!isUnavailable(failure)) failure = error;
      // A server that is out of reach, or busy, says nothing about what it has.
      if (isUnavailable(error) ? (error.status ?? 429) === 429 : !(error instanceof OAuth2Error)) break;
    }
  }
  if (!(failure instanceof OAuth2Error) || failure.code !== "ERR_AUTHFLOW_OAUTH2_RESPONSE") throw failure;
  const { message, url, status } = failure;
  throw new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_DISCOVERY",
    `${message} No metadata of this issuer was found: check \`issuer\`, or give \`tokenEndpoint\`.`,
    { url, status },
  );
}
