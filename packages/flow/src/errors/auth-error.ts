const BRAND = Symbol.for("@authflow/error");

/** What an error of this toolkit may carry beside its message. */
export interface AuthErrorOptions {
  /** What led to this error. */
  readonly cause?: unknown;
  /** The URL it is about, already without user name, password and credentials of the query. */
  readonly url?: string | undefined;
  /** The response it is about, unread. */
  readonly response?: Response | undefined;
}

/**
 * The base of every error that this toolkit throws. Its `code` is stable, its message says what happened and what to
 * do, and neither it nor its fields hold a credential.
 *
 * @example
 * import { AuthError, isAuthError } from "@authflow/flow";
 *
 * const error = new AuthError("ERR_AUTHFLOW_EXAMPLE", "Nothing happened. Carry on.");
 * console.log(isAuthError(error), error.code);
 */
export class AuthError extends Error {
  /** Stable across versions; made to be compared. */
  readonly code: string;
  /** The URL it is about, without user name, password and credentials of the query. */
  declare readonly url?: string;
  /** The response it is about, unread; not enumerable, so that no log prints its headers. */
  declare readonly response?: Response;

  constructor(code: string, message: string, options: AuthErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.url !== undefined) this.url = options.url;
    if (options.response !== undefined) Object.defineProperty(this, "response", { value: options.response });
    Object.defineProperty(this, BRAND, { value: true });
  }

  override get name(): string {
    return "AuthError";
  }
}

/**
 * Whether a value is an error of this toolkit, from whichever copy of the package it comes.
 *
 * @param value anything, such as what a `catch` caught
 * @param code only an error with this code
 */
export function isAuthError(value: unknown, code?: string): value is AuthError {
  return (
    typeof value === "object" &&
    value !== null &&
    BRAND in value &&
    (code === undefined || ("code" in value && value.code === code))
  );
}
