import type { FlowContext } from "@authflow/flow";
import type { TokenSet } from "./token-set.ts";

/** What a grant may use while it works. It works for every call that waits, so it belongs to none of them. */
export interface GrantContext {
  /** Sends a request to the authorization server, through the fetch that the scheme wraps. */
  readonly send: FlowContext["send"];
  /**
   * Aborts when nobody waits for the tokens any more: no further attempt is made. The one that is under way goes on, since its
   * answer may hold the only refresh token that is still good.
   */
  readonly signal: AbortSignal;
  /**
   * When the time limit for all of this ends, by `performance.now()`; `undefined` where there is none, because a person
   * takes part. Then each call of an endpoint has a time limit of its own.
   */
  readonly deadline: number | undefined;
  /** Whether each call of an endpoint makes one attempt, because the grant tries again at its own pace. Default: `false`. */
  readonly once?: boolean | undefined;
  /**
   * Called before each request that spends what is good once: a refresh token, a code. It rejects where that must not be.
   * The request may then go on for a minute after the time limit, when nobody waits any more, since its answer may hold the
   * only tokens that are still good. Without this such a request ends with the time limit.
   */
  readonly spend?: (() => Promise<void>) | undefined;
}

/** Gets tokens from nothing. @throws OAuth2Error */
export type Obtain = (context: GrantContext) => Promise<TokenSet>;

/** What a grant is to the life cycle of its tokens: how to get the first, and how the next. */
export interface Grant {
  /** Its name in events and errors, such as `client_credentials`. */
  readonly name: string;
  /** What tells its tokens from others of the same client in one store, such as a scope. It is hashed, so secrets may be in it. */
  readonly identity: readonly unknown[];
  /** Tokens that are there before any was asked for. */
  readonly tokens?: TokenSet | undefined;
  /** Gets the first tokens; the life cycle calls it once, whoever waits. Left out where only a new login could. */
  readonly obtain?: Obtain;
  /**
   * Gets new tokens by the refresh token of others, which it has. Left out where the grant gives no refresh tokens.
   * @throws OAuth2Error; `_REAUTHORIZE` where the refresh token is of no use any more
   */
  readonly refresh?: (context: GrantContext, tokens: TokenSet) => Promise<TokenSet>;
}
