import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_NO_REQUEST`: a flow ended before it had a response to give. Yield the request, or return a Response. */
export class NoRequestError extends AuthError {
  constructor(scheme: string) {
    super(
      "ERR_AUTHFLOW_NO_REQUEST",
      `The flow of "${scheme}" ended without a response. Let it \`yield request\` at least once, or return a Response.`,
    );
  }

  override get name(): string {
    return "NoRequestError";
  }
}
