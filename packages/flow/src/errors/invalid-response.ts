import { AuthError } from "./auth-error.ts";

/** `ERR_AUTHFLOW_INVALID_RESPONSE`: the fetch inside gave something that is no Response, or lacks what the flow needs. */
export class InvalidResponseError extends AuthError {
  constructor(message: string) {
    super("ERR_AUTHFLOW_INVALID_RESPONSE", message);
  }

  override get name(): string {
    return "InvalidResponseError";
  }
}

/** The error for something that is no Response at all. */
export function noResponse(value: unknown): InvalidResponseError {
  return new InvalidResponseError(
    `The fetch inside gave ${value === null ? "null" : typeof value} where a Response was due. A mock has to give a Response, a middleware has to return what its next gives.`,
  );
}
