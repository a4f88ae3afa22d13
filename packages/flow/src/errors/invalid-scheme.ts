import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_INVALID_SCHEME`: what was given as a scheme is none. */
export class InvalidSchemeError extends AuthError {
  constructor(what: string) {
    super(
      "ERR_AUTHFLOW_INVALID_SCHEME",
      `${what} A scheme is an object with a \`name\` and an \`authFlow\` generator, such as basic(options) makes, or a function that takes a Request and returns it.`,
    );
  }

  override get name(): string {
    return "InvalidSchemeError";
  }
}
