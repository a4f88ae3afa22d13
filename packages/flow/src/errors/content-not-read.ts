import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_CONTENT_NOT_READ`: a flow touched `content` that nobody asked for. */
export class ContentNotReadError extends AuthError {
  constructor(flag: "requiresRequestBody" | "requiresResponseBody") {
    super(
      "ERR_AUTHFLOW_CONTENT_NOT_READ",
      `The scheme did not ask for this content. Set ${flag} on the scheme: true, or a function that decides for each step.`,
    );
  }

  override get name(): string {
    return "ContentNotReadError";
  }
}
