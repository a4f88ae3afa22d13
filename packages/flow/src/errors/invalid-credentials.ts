import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_INVALID_CREDENTIALS`: credentials that can't be sent. The message never holds them. */
export class InvalidCredentialsError extends AuthError {
  constructor(message: string) {
    super("ERR_AUTHFLOW_INVALID_CREDENTIALS", message);
  }

  override get name(): string {
    return "InvalidCredentialsError";
  }
}
