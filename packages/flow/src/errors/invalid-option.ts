import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_INVALID_OPTION`: an option has a value that can't be meant. */
export class InvalidOptionError extends AuthError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super("ERR_AUTHFLOW_INVALID_OPTION", message, options);
  }

  override get name(): string {
    return "InvalidOptionError";
  }
}
