import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_INVALID_REQUEST`: a flow yielded, or an auth function returned, something that is no Request. */
export class InvalidRequestError extends AuthError {
  constructor(scheme: string, value: unknown) {
    super(
      "ERR_AUTHFLOW_INVALID_REQUEST",
      `"${scheme}" gave ${value === null ? "null" : typeof value} where a Request was due. Yield the request itself; an auth function returns it.`,
    );
  }

  override get name(): string {
    return "InvalidRequestError";
  }
}
