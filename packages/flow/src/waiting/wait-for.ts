/** How long a flow waits for something. */
export interface WaitLimits {
  /** The caller's, which a flow finds in its context: when it aborts, the wait ends at once. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds; more than a timer takes, such as `Infinity`, is none. Default: none. */
  readonly timeLimit?: number | undefined;
}

/**
 * Waits for something that heeds no signal itself, such as work that several calls share. What is waited for goes on when
 * the wait ends.
 *
 * A flow that waits without a limit holds its call until a runtime ends it: Workers end the work of a call whose client
 * has left, and then nothing that others wait for comes of it.
 *
 * @returns what the promise gives; `undefined` once the time limit is over
 * @throws what the promise rejects with, and what the signal was aborted with
 *
 * @example
 * import { waitFor } from "@authflow/flow";
 *
 * const never = new Promise<string>(() => {});
 * console.log(await waitFor(never, { timeLimit: 10 })); // → undefined
 */
export function waitFor<T>(
  promise: PromiseLike<T>,
  limits?: Omit<WaitLimits, "timeLimit"> & { readonly timeLimit?: undefined },
): Promise<T>;
export function waitFor<T>(promise: PromiseLike<T>, limits: WaitLimits): Promise<T | undefined>;
export function waitFor<T>(promise: PromiseLike<T>, { signal, timeLimit }: WaitLimits = {}): Promise<T | undefined> {
  let stop: (() => void) | undefined;
  return new Promise<T | undefined>((resolve, reject) => {
    promise.then(resolve, reject); // first, so that its failure is always handled
    signal?.throwIfAborted();
    const abort = (): void => reject(signal?.reason as Error); // whatever the caller gave as reason
    const timer = timeLimit === undefined || timeLimit >= 2 ** 31 ? undefined : setTimeout(resolve, timeLimit);
    signal?.addEventListener("abort", abort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
  }).finally(() => stop?.());
}
