import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_INVALID_BODY`: a body can't be sent: it was read before, it is locked, or it yields no bytes. */
export class InvalidBodyError extends AuthError {
  constructor(message: string) {
    super("ERR_AUTHFLOW_INVALID_BODY", message);
  }

  override get name(): string {
    return "InvalidBodyError";
  }
}
