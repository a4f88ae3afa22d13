import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_REDIRECT_HIDDEN`: this runtime hides redirects, and the request may not be sent twice. */
export class RedirectHiddenError extends AuthError {
  constructor(url: string, method: string) {
    super(
      "ERR_AUTHFLOW_REDIRECT_HIDDEN",
      `${url} redirects this ${method} request, and the runtime doesn't show where to. Later calls leave redirects to the runtime; send this one again if that is safe.`,
      { url },
    );
  }

  override get name(): string {
    return "RedirectHiddenError";
  }
}
