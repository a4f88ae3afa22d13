/** Tells somebody who watches. What they throw doesn't reach the calls: it is reported as unhandled. */
export function tell<E>(listener: ((event: E) => void) | undefined, event: E): void {
  if (listener) void Promise.resolve().then(() => listener(event));
}
