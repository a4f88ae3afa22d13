/** The longest that a timer counts to, in milliseconds: 24 days and a half. One that is set to more goes off at once. */
export const LONGEST: number = 2 ** 31 - 1;

/**
 * Waits, unless a signal ends the wait; for {@link LONGEST} at most.
 *
 * @throws what the signal is aborted with, at once
 */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error); // whatever it was aborted with
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", abort);
        resolve();
      },
      Math.min(milliseconds, LONGEST),
    );
    signal.addEventListener("abort", abort, { once: true });
  });
}
