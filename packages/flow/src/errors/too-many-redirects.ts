import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_TOO_MANY_REDIRECTS`: the server redirected more than 20 times, as often as fetch follows. */
export class TooManyRedirectsError extends AuthError {
  constructor(url: string, limit: number) {
    super(
      "ERR_AUTHFLOW_TOO_MANY_REDIRECTS",
      `${limit} redirects were followed, and ${url} redirects again. Look for a loop on the server, or take them yourself with redirect: "manual".`,
      { url },
    );
  }

  override get name(): string {
    return "TooManyRedirectsError";
  }
}
