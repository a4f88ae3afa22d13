// What may not happen in the process while the soak runs.
const EVENTS = ["unhandledRejection", "uncaughtExceptionMonitor", "warning"] as const;

/** Notes each error that nobody handles, and each warning, such as that of too many listeners. */
export function watchProcess(): Disposable & { readonly seen: readonly string[] } {
  const seen: string[] = [];
  const note = (what: unknown): void => {
    const text = what instanceof Error ? `${what.name}: ${what.message}` : String(what);
    if (!text.includes("ExperimentalWarning")) seen.push(`the process: ${text}`);
  };
  for (const event of EVENTS) process.on(event, note);
  return {
    seen,
    [Symbol.dispose]: () => {
      for (const event of EVENTS) process.off(event, note);
    },
  };
}
