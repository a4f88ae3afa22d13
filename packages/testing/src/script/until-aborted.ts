/** Runs work until it ends or the signal aborts, whichever comes first; an abort rejects with the signal's reason. */
export function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (!signal) return work();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    void work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
