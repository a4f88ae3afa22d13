import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_CONTENT_TOO_LARGE`: a flow asked for the content of a body that is over `contentLimit`. */
export class ContentTooLargeError extends AuthError {
  constructor(limit: number) {
    super(
      "ERR_AUTHFLOW_CONTENT_TOO_LARGE",
      `The scheme asks for a body's content, and that is over ${limit} bytes. Raise contentLimit.`,
    );
  }

  override get name(): string {
    return "ContentTooLargeError";
  }
}
