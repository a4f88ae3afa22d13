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
  const parameters = checked(() => validateAuthResponse(server, { client_id: clientId }, searchParams, state));
  // §3.1: "Request and response parameters MUST NOT be included more than once."
  const [code, ...others] = parameters.getAll("code");
  if (!code || others.length > 0) throw untrusted("without a code, or has several");
  return parameters;
}

/** Errors of ours instead of those of oauth4webapi, whose cause is the whole answer. */
function checked(validate: () => URLSearchParams): URLSearchParams {
  try {
    return validate();
  } catch (error) {
    if (error instanceof AuthorizationResponseError) throw refusal(error);
    throw untrusted(`not to be trusted: ${(error as Error).message}`); // it throws nothing else
  }
}

function untrusted(what: string): OAuth2Error {
  return new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
    `What came back from the authorization server is ${what}. No code was exchanged. If you didn't expect it, somebody may have sent you there.`,
  );
}

/** §4.1.2.1 */
function refusal({ error: said, error_description: description, cause }: AuthorizationResponseError): OAuth2Error {
  const [error, errorDescription, errorUri] = [said, description, cause.get("error_uri") ?? undefined].map((text) =>
    text?.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300),
  );
  const more = `${errorDescription ? `: ${errorDescription}` : ""}${errorUri ? ` (see ${errorUri})` : ""}`;
  return new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REFUSED", `The authorization server answered ${error}${more}.`, {
    error,
    errorDescription,
    errorUri,
  });
}
