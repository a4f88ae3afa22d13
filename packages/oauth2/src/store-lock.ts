// How long the lock of a store is waited for, and held.
import { LATEST } from "./attempts.ts";
import { OAuth2Error } from "#oauth2-error";
import type { StoreBackend, StoreLock } from "./store-backend.ts";
import { untilAborted } from "./until-aborted.ts";

/** How much of the time is left for the work, in milliseconds; a quarter at most. */
const RESERVE = 1000;

/**
 * Waits for a lock, and no longer than it may, whether or not the backend heeds the signal.
 *
 * @param left how many milliseconds there are for the wait and the work
 * @throws `ERR_AUTHFLOW_OAUTH2_STORE`
 */
export async function lockWithin(
  backend: StoreBackend,
  key: string,
  left: number,
  signal: AbortSignal,
): Promise<StoreLock> {
  const expired = AbortSignal.timeout(Math.max(Math.floor(left - Math.min(RESERVE, left / 4)), 0));
  const locking = backend.lock(key, Math.ceil(Math.max(left, 0)) + LATEST, AbortSignal.any([signal, expired]));
  try {
    return await untilAborted(locking, expired);
  } catch (error) {
    // One that comes too late is given back.
    locking.then(async (lock) => lock.release()).catch(() => {});
    if (!expired.aborted) throw error;
    throw unusable(
      "Somebody else keeps the token store locked, so that too little of the time limit is left. Try again later.",
    );
  }
}

/** The error of a store. */
export const unusable = (why: string): OAuth2Error => new OAuth2Error("ERR_AUTHFLOW_OAUTH2_STORE", why);
