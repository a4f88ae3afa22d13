/** A lock that is held. */
export interface StoreLock {
  /** Gives it back. One that was lost meanwhile is no error. */
  release(): Promise<void>;
}

/**
 * Keeps tokens, as texts under keys, for several schemes or processes or for the next start. What the texts hold is nobody's
 * business but the life cycle's; they are secrets.
 */
export interface TokenStore {
  /** What is kept under a key, if anything. */
  get(key: string): Promise<string | undefined>;
  /**
   * Replaces what is kept under a key, in one step, if it is still what it was.
   *
   * @param expected what has to be there; `undefined`: nothing
   * @param next what is to be there; `undefined`: nothing
   * @returns whether it was, and is replaced
   */
  compareAndSet(key: string, expected: string | undefined, next: string | undefined): Promise<boolean>;
  /**
   * Waits for the lock on a key, so that one holder at a time gets new tokens.
   *
   * @param lease how many milliseconds the holder may need at most. If it crashes, the lock has to be free again by then
   * @param signal aborts the wait
   */
  lock(key: string, lease: number, signal: AbortSignal): Promise<StoreLock>;
}
