// RFC 6749 §4.1.2 and RFC 9207 §2.4: whether what came back is the answer to what was asked, by whom it was asked.
import { AuthorizationResponseError, type AuthorizationServer, validateAuthResponse } from "oauth4webapi";
import { OAuth2Error } from "#oauth2-error";
import type { AuthorizationRequestOptions, PendingAuthorization } from "./authorization-request.ts";

/**
 * Checks `state` and `iss`.
 *
 * @param back the URL that the browser was sent to, with its query
 * @returns the parameters of the answer, which has a code
 * @throws `ERR_AUTHFLOW_OAUTH2_AUTHORIZATION` if it is the answer to something else
 * @throws `ERR_AUTHFLOW_OAUTH2_REFUSED` if the server, or the person, said no
 */
export function authorizationResponse(
  server: AuthorizationServer,
  { clientId, issuer }: AuthorizationRequestOptions,
  { state }: PendingAuthorization,
  back: string | URL,
): URLSearchParams {
  if (!URL.canParse(back)) throw untrusted("no URL");
  const { searchParams } = new URL(back);
  if (issuer === undefined && searchParams.has("iss")) {
    throw untrusted("of a server that says its name, which can't be compared. Give `issuer`");
  }
  try {
    const parameters = validateAuthResponse(server, { client_id: clientId }, searchParams, state);
    // §3.1: "Request and response parameters MUST NOT be included more than once."
    const [code, ...others] = parameters.getAll("code");
    if (!code || others.length > 0) throw untrusted("without a code, or has several");
    return parameters;
  } catch (error) {
    if (error instanceof OAuth2Error || !(error instanceof Error)) throw error;
    // Without its cause, which is the whole answer.
    throw error instanceof AuthorizationResponseError
      ? refusal(error)
      : untrusted(`not to be trusted: ${error.message}`);
  }
}

function untrusted(what: string): OAuth2Error {
  return new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
    `What came back from the authorization server is ${what}. No code was exchanged. If you didn't expect it, somebody may have sent you there.`,
  );
}

/** §4.1.2.1 */
function refusal({ error, error_description: description }: AuthorizationResponseError): OAuth2Error {
  const [said, errorDescription] = [error, description].map((text) => text?.replace(/\p{C}+/gu, " ").slice(0, 300));
  return new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_REFUSED",
    `The authorization server answered ${said}${errorDescription ? `: ${errorDescription}` : ""}.`,
    { error: said, errorDescription },
  );
}
