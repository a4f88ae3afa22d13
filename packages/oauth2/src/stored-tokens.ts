import type { TokenSet } from "./token-set.ts";

/** The tokens of one grant in a store, as the life cycle sees them. */
export interface StoredTokens {
  /** What is stored, if others have stored it since this was asked, or `save` ran; else `undefined`. */
  news(): Promise<{ readonly tokens: TokenSet | undefined } | undefined>;
  /**
   * Stores tokens, unless others have stored some that are good.
   * @returns what is stored now
   */
  save(tokens: TokenSet | undefined, isGood: (theirs: TokenSet) => boolean): Promise<TokenSet | undefined>;
  /**
   * Works while nobody else does.
   *
   * @param deadline by `performance.now()`, until which the lock is waited for; `undefined`: as long as it takes
   * @param signal ends the wait
   * @param work gets a function that gives the lock back early
   */
  exclusively<T>(
    deadline: number | undefined,
    signal: AbortSignal,
    work: (unlock: () => Promise<void>) => Promise<T>,
  ): Promise<T>;
}

/**
 * Where tokens are kept for other schemes, processes or the next start: what `memoryStore`, `fileStore` and `tokenStore`
 * make.
 *
 * @param identity what tells the tokens of one grant from those of others
 */
export type TokenStore = (identity: readonly unknown[]) => StoredTokens;
