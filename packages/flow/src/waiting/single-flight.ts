import { waitFor } from "./wait-for.ts";

/** Runs work once for everybody who asks while it runs; see {@link singleFlight}. */
export type SingleFlight<T> = (
  key: string,
  work: () => Promise<T>,
  options?: { readonly signal?: AbortSignal | undefined },
) => Promise<T>;

/**
 * Shares work between concurrent calls, such as the refresh of a token. This is what a flow needs instead of a lock:
 * nothing is held across a `yield`, so no stream keeps others waiting, and no abandoned call keeps a lock for ever.
 *
 * The work belongs to nobody: it gets no signal, and a waiter whose own signal aborts leaves at once without harm to
 * the others. Once the work has ended, well or not, the next call starts it anew.
 *
 * @returns a function that takes a key (the same key, the same work), the work and the waiter's signal
 *
 * @example
 * import { singleFlight } from "@authflow/flow";
 *
 * const shared = singleFlight<string>();
 * let asked = 0;
 * const fetchToken = async () => `token ${++asked}`;
 * console.log(await Promise.all([shared("api", fetchToken), shared("api", fetchToken)])); // → [ 'token 1', 'token 1' ]
 */
export function singleFlight<T>(): SingleFlight<T> {
  const running = new Map<string, Promise<T>>();
  return async (key, work, { signal } = {}) => {
    signal?.throwIfAborted();
    let shared = running.get(key);
    if (!shared) {
      // Started in a turn of its own, so that work which throws at once is work that failed.
      shared = Promise.resolve()
        .then(work)
        .finally(() => running.delete(key));
      shared.catch(() => {}); // every waiter may have left by then
      running.set(key, shared);
    }
    return waitFor(shared, { signal });
  };
}
