import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_REDIRECT_TARGET`: a Location can't be followed. The redirect is in `response`. */
export class RedirectTargetError extends AuthError {
  constructor(url: string, reason: string, response: Response) {
    super(
      "ERR_AUTHFLOW_REDIRECT_TARGET",
      `${url} redirects to ${reason}, which can't be followed. The redirect is in error.response; redirect: "manual" gives it to you as it is.`,
      { url, response },
    );
  }

  override get name(): string {
    return "RedirectTargetError";
  }
}
