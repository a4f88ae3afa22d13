// How long the lock of a store is waited for, and held.
import { waitFor } from "@authflow/flow";
import { OAuth2Error } from "#oauth2-error";
import { LATEST } from "./shared-work.ts";
import type { StoreBackend, StoreLock } from "./store-backend.ts";

/** How much of the time is left for the work, in milliseconds; a quarter at most. */
const RESERVE = 1000;

/**
 * Works while nobody else does.
 *
 * @param deadline by `performance.now()`: the lock is waited for so long that some of the time is left for the work
 * @param signal ends the wait
 * @param work gets a function that rejects if the lock was lost meanwhile
 * @throws `ERR_AUTHFLOW_OAUTH2_STORE` if others keep the lock
 */
export async function exclusively<T>(
  backend: StoreBackend,
  key: string,
  deadline: number,
  signal: AbortSignal,
  work: (assertHeld: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const lock = await lockWithin(backend, key, deadline - performance.now(), signal);
  try {
    return await work(async () => {
      if ((await lock.isHeld?.()) === false) throw unusable("The lock on the token store was lost. Try again.");
    });
  } finally {
    // If it fails, the lease ends by itself.
    await lock.release().catch(() => {});
  }
}

/** Waits for a lock, and no longer than it may, whether or not the backend heeds the signal. */
async function lockWithin(backend: StoreBackend, key: string, left: number, signal: AbortSignal): Promise<StoreLock> {
  const expiry = new AbortController();
  const lease = Math.ceil(Math.max(left, 0)) + LATEST;
  const locking = backend.lock(key, lease, AbortSignal.any([signal, expiry.signal]));
  try {
    const lock = await waitFor(locking, { signal, timeLimit: Math.max(left - Math.min(RESERVE, left / 4), 0) });
    if (lock) return lock;
    const error = unusable(
      "Somebody else keeps the token store locked, so that too little of the time limit is left. Try again later.",
    );
    expiry.abort(error);
    throw error;
  } catch (error) {
    // One that comes too late is given back.
    locking.then(async (lock) => lock.release()).catch(() => {});
    throw error;
  }
}

/** The error of a store. */
export const unusable = (why: string): OAuth2Error => new OAuth2Error("ERR_AUTHFLOW_OAUTH2_STORE", why);
