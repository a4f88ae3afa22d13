// What a store is made of: what keeps texts, and a lock.

/** A lock that is held. */
export interface StoreLock {
  /**
   * Whether it is still ours, and not lost, as by a machine that slept: asked before a refresh token is spent. Left out: it is
   * taken for granted.
   */
  isHeld?(): Promise<boolean>;
  /** Gives it back. One that was lost meanwhile is no error. */
  release(): Promise<void>;
}

/** What keeps texts under keys: a file, a database. The texts are secrets, and nobody's business but this package's. */
export interface StoreBackend {
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
   * @param lease how many milliseconds the holder may need at most: the time limit, and a minute for an answer that comes
   *   late. If it crashes, the lock has to be free again by then
   * @param signal ends the wait
   */
  lock(key: string, lease: number, signal: AbortSignal): Promise<StoreLock>;
}
