// RFC 7616 §3.5: what a server says once it has let the request in, and how it proves that it knows the password, too.
import { parseAuthenticationInfo } from "@authflow/challenge";
import type { FlowResponse } from "@authflow/flow";
import { AuthVerificationError } from "./auth-verification-error.ts";
import { octetsOf } from "./octets.ts";
import type { Answer } from "./session.ts";

/** What is said: most often nothing. */
function infoOf({ headers }: Response): ReadonlyMap<string, string> {
  const field = headers.get("authentication-info");
  return field ? parseAuthenticationInfo(field) : new Map<string, string>();
}

/** Whether the proof of a response may be over its body, which then has to be read. */
export function mayProveBody(response: Response): boolean {
  const info = infoOf(response);
  return info.has("rspauth") && info.get("qop")?.toLowerCase() !== "auth";
}

/**
 * Checks the proof of a response.
 *
 * @param url of the request, for the error
 * @param answer what the request was sent with, if it was sent with anything
 * @param isDemanded whether there has to be a proof
 * @returns the nonce that the server wants to see next, if it names one; else an empty text
 * @throws `ERR_AUTHFLOW_AUTH_VERIFICATION`
 */
export function verified(
  response: FlowResponse,
  url: string,
  answer: Answer | undefined,
  isDemanded: boolean | undefined,
): string {
  const info = infoOf(response);
  const rspauth = info.get("rspauth")?.toLowerCase();
  if (answer && rspauth !== undefined) {
    const { qop } = answer.session.challenge;
    // "The server SHOULD use the same value" as the client; without a qop there is nothing to choose.
    const isOverBody = qop && (info.get("qop") ?? qop).toLowerCase() === "auth-int";
    const due = isOverBody ? answer.proof("auth-int", response.content) : answer.proof(qop && "auth", undefined);
    if (!isEqual(due, rspauth)) throw new AuthVerificationError("a wrong", url, response);
  } else if (isDemanded) {
    throw new AuthVerificationError("no", url, response);
  }
  return octetsOf(info.get("nextnonce"));
}

/** In a time that doesn't depend on where they differ. */
function isEqual(due: string, given: string): boolean {
  let difference = due.length ^ given.length;
  for (let index = 0; index < due.length; index++) difference |= due.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0;
}
