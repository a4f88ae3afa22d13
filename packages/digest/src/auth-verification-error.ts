import { AuthError } from "@authflow/flow";

/**
 * `ERR_AUTHFLOW_AUTH_VERIFICATION`: the server did not prove that it knows the password, so the response may come from
 * anybody. It is in `response`, for its status and headers.
 */
export class AuthVerificationError extends AuthError {
  /** @param proof what the server gave for a proof: "no" or "a wrong" */
  constructor(proof: "no" | "a wrong", requested: string, response: Response) {
    const url = requested.replace(/[?#].*/s, ""); // a query may hold secrets
    super(
      "ERR_AUTHFLOW_AUTH_VERIFICATION",
      `${url} sent ${proof} rspauth: who answered may not know the password. Don't trust the response.`,
      { url, response },
    );
  }

  override get name(): string {
    return "AuthVerificationError";
  }
}
