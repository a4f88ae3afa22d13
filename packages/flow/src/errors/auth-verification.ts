import { AuthError } from "./auth-error.ts";

/**
 * `ERR_AUTHFLOW_AUTH_VERIFICATION`: a server that has to prove that it knows the secret, too, did not, so the response may
 * come from anybody. It is in `response`, for its status and headers.
 */
export class AuthVerificationError extends AuthError {
  /** @param proof what the server gave for a proof, such as "no rspauth" or "a wrong rspauth" */
  constructor(proof: string, requested: string, response: Response) {
    const url = requested.replace(/[?#].*/s, ""); // a query may hold secrets
    super(
      "ERR_AUTHFLOW_AUTH_VERIFICATION",
      `${url} sent ${proof}: who answered may not know the password. Don't trust the response.`,
      { url, response },
    );
  }

  override get name(): string {
    return "AuthVerificationError";
  }
}
