import type { Challenge } from "@authflow/challenge";

/**
 * Gives the token for requests to one origin. It is asked before the first of them, and again when a server refuses the
 * token that it gave.
 *
 * @param request a copy of the request that is about to be sent, or was refused, without its body
 * @param challenge the Bearer challenge that refused the last token; `undefined` as long as none was refused
 */
export type TokenSource = (request: Request, challenge: Challenge | undefined) => string | PromiseLike<string>;

/** Where a token may go. */
export interface BearerOptions {
  /** Whether a plain http request is refused before anything is sent; this machine itself is excepted. Default: `false`. */
  readonly requireHttps?: boolean | undefined;
  /** Where the token may go, such as `["https://api.example.com"]`. Default: the origin of each call. */
  readonly origins?: readonly string[] | undefined;
}

/** Where the tokens of a function may go, and when it is asked. */
export interface TokenSourceOptions extends BearerOptions {
  /**
   * Whether the function is asked for each request by itself, because it keeps the token elsewhere or answers each
   * request differently. Default: `false`, its token is kept for the origin until a server refuses it.
   */
  readonly perRequest?: boolean | undefined;
  /**
   * Whether a 401 without any challenge refuses the token, too: some servers send none, and browsers show none that
   * another origin doesn't expose. Default: `false`.
   */
  readonly bare401?: boolean | undefined;
  /** How long a function that failed isn't asked again, in milliseconds. Default: 1000. */
  readonly backOff?: number | undefined;
  /** The clock that measures it, in milliseconds from any beginning. Default: `performance.now`. */
  readonly now?: (() => number) | undefined;
}
