import type { TokenSet } from "./token-set.ts";

/** The tokens of one grant in a store, as the life cycle sees them. */
export interface StoredTokens {
  /**
   * What is stored, if others have stored it since this was asked, or `save` ran; else `undefined`.
   * @param signal when it aborts, what is found is passed over
   */
  news(signal: AbortSignal): Promise<{ readonly tokens: TokenSet | undefined } | undefined>;
  /**
   * Stores tokens, unless others have stored some that are good.
   * @returns what is stored now
   */
  save(tokens: TokenSet, isGood: (theirs: TokenSet) => boolean): Promise<TokenSet>;
  /** Takes away what is stored, also what can't be read, and gives it. */
  take(): Promise<TokenSet | undefined>;
  /**
   * Works while nobody else does.
   *
   * @param deadline by `performance.now()`: the lock is waited for so long that some of the time is left for the work
   * @param signal ends the wait
   * @param work gets a function that rejects if the lock was lost meanwhile
   */
  exclusively<T>(
    deadline: number,
    signal: AbortSignal,
    work: (assertHeld: () => Promise<void>) => Promise<T>,
  ): Promise<T>;
}

/** Whose tokens are to be stored. */
export interface StoredGrant {
  /** What tells the tokens of this grant from those of all others. */
  readonly identity: readonly unknown[];
  /** The grant, the server and the client: who may use what is stored under a key. */
  readonly client: readonly unknown[];
  /** The refresh token that the caller gave, from a login of their own. */
  readonly given: string | undefined;
}

/**
 * Where tokens are kept for other schemes, processes or the next start: what `memoryStore`, `fileStore` and `tokenStore`
 * make.
 */
export type TokenStore = (grant: StoredGrant) => StoredTokens;
