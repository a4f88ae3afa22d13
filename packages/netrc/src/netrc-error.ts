// Imported as "#netrc-error", not by its path, so that it is published once and `instanceof` holds for every entry.
import { AuthError } from "@authflow/flow";

/** Why a netrc file can't be read or changed. */
export type NetrcErrorCode =
  | "ERR_AUTHFLOW_NETRC_SYNTAX"
  | "ERR_AUTHFLOW_NETRC_ENCODING"
  | "ERR_AUTHFLOW_NETRC_TOO_LARGE"
  | "ERR_AUTHFLOW_NETRC_NOT_FOUND"
  | "ERR_AUTHFLOW_NETRC_UNREADABLE"
  | "ERR_AUTHFLOW_NETRC_PERMISSIONS"
  | "ERR_AUTHFLOW_NETRC_PARSER"
  | "ERR_AUTHFLOW_NETRC_NO_FILES"
  | "ERR_AUTHFLOW_NETRC_VALUE"
  | "ERR_AUTHFLOW_NETRC_LOCKED"
  | "ERR_AUTHFLOW_NETRC_EDIT";

/** Where an error happened, and what led to it. */
export interface NetrcErrorOptions {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A netrc file that can't be read or changed. It names the file and, where there is one, the line; never a value.
 *
 * @example
 * ```ts
 * import { NetrcError, parseNetrc } from "@authflow/netrc/text";
 *
 * try {
 *   parseNetrc('machine example.org login "ada');
 * } catch (error) {
 *   if (error instanceof NetrcError) console.log(error.code, error.line); // → ERR_AUTHFLOW_NETRC_SYNTAX 1
 * }
 * ```
 */
export class NetrcError extends AuthError {
  declare readonly code: NetrcErrorCode;
  /** The path of the file; `undefined` for text that came from elsewhere. */
  readonly file: string | undefined;
  /** The line, counted from 1; `undefined` where the error is about the whole file. */
  readonly line: number | undefined;

  constructor(code: NetrcErrorCode, message: string, options: NetrcErrorOptions = {}) {
    super(code, message, "cause" in options ? { cause: options.cause } : undefined);
    this.file = options.file;
    this.line = options.line;
  }

  override get name(): string {
    return "NetrcError";
  }
}
