import { type FetchMiddleware, InvalidOptionError } from "@authflow/flow";

/**
 * What a middleware makes of a fetch.
 * @param what which it is, for the error
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` if that is no fetch
 */
export function applied(middleware: FetchMiddleware, next: unknown, what: string): unknown {
  const made: unknown = middleware(next);
  if (typeof made === "function") return made;
  // A fetch that stands among middlewares was called just now, and nobody waits for what it gives.
  void Promise.resolve(made).catch(() => {});
  throw new InvalidOptionError(`${what} gave ${typeof made}. It takes a fetch and returns one.`);
}
