// RFC 7616 §3.5: what a server says once it has let the request in, and how it proves that it knows the password, too.
import { AuthVerificationError, type FlowResponse } from "@authflow/flow";
import { says } from "./challenge.ts";
import { infoIn } from "./fields.ts";
import type { Answer } from "./session.ts";

/** Whether the proof of a response may be over its body, which then has to be read. */
export function mayProveBody(response: Response): boolean {
  const info = infoIn(response);
  return info.has("rspauth") && !says(info.get("qop"), "auth");
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
  const info = infoIn(response);
  const rspauth = info.get("rspauth");
  if (answer && rspauth !== undefined) {
    const { qop } = answer.session.challenge;
    // "The server SHOULD use the same value" as the client; without a qop there is nothing to choose.
    const protection = qop && (says(info.get("qop") ?? qop, "auth-int") ? "auth-int" : "auth");
    if (!answer.isProvenBy(rspauth.toLowerCase(), protection, response)) {
      throw new AuthVerificationError("a wrong rspauth", url, response);
    }
  } else if (isDemanded) {
    throw new AuthVerificationError("no rspauth", url, response);
  }
  return info.get("nextnonce") ?? "";
}
