import type { FlowContext } from "@authflow/flow";
import type { TokenSet } from "./token-set.ts";

/** What a grant may use while it works. It works for every call that waits, so it belongs to none of them. */
export interface GrantContext {
  /** Sends a request to the authorization server, through the fetch that the scheme wraps. */
  readonly send: FlowContext["send"];
  /**
   * Aborts when nobody waits for the tokens any more. A grant in which a person takes part ends then; others only make no
   * further attempt, since the answer to the one that is under way may hold the only refresh token that is still good.
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
   * Takes what becomes of a request that spends a refresh token or a code, when the time limit has ended without an answer:
   * the grant fails then, and the request goes on, for a minute at most, since its answer may hold the only tokens that are
   * still good. Nothing may spend the same refresh token until the promise is settled. Without it such a request ends with
   * the time limit.
   */
  readonly late?: ((tokens: Promise<TokenSet>) => void) | undefined;
}

/** What a grant is to the life cycle of its tokens: how to get the first, and how the next. */
export interface Grant {
  /** Its name in events and errors, such as `client_credentials`. */
  readonly name: string;
  /**
   * What tells its tokens from those of other grants, clients, scopes and servers in one store. It is hashed, so secrets
   * may be in it.
   */
  readonly identity: readonly unknown[];
  /**
   * A person takes part in `obtain`. It has no time limit then but its own, and no lock on the store is held meanwhile.
   * Default: `false`.
   */
  readonly interactive?: boolean;
  /** Tokens that are there before any was asked for. */
  readonly tokens?: TokenSet | undefined;
  /**
   * Gets tokens from nothing; the life cycle calls it once, whoever waits. Left out where only a new login could.
   * @throws OAuth2Error
   */
  obtain?(context: GrantContext): Promise<TokenSet>;
  /**
   * Gets new tokens by the refresh token of others, which it has. Left out where the grant gives no refresh tokens.
   * @throws OAuth2Error; `error` is `invalid_grant` where the refresh token is of no use any more
   */
  refresh?(context: GrantContext, tokens: TokenSet): Promise<TokenSet>;
}
