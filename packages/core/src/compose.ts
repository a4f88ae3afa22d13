import { type FetchMiddleware, InvalidOptionError } from "@authflow/flow";

/** A middleware that gives back the very kind of fetch that it was given, as every scheme does. */
// `any` for the reason that flow's Middleware gives.
// oxlint-disable-next-line typescript/no-explicit-any
type KeepsFetch = <F extends (input: any, init?: any) => Promise<any>>(next: F) => F;

/**
 * Makes one middleware of several, the first one outermost: `compose(a, b)(fetch)` is `a(b(fetch))`.
 *
 * @param middlewares schemes, and any other `(next) => fetch`
 * @returns a middleware; without any, one that gives back what it is given
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for what is no function, at once
 *
 * @example
 * import { basic } from "@authflow/basic";
 * import { compose } from "@authflow/core";
 * import { defineScheme } from "@authflow/flow";
 *
 * const apiKey = defineScheme((request) => {
 *   request.headers.set("x-api-key", "k1");
 *   return request;
 * });
 * const authFetch = compose(basic({ username: "finley", password: "secret" }), apiKey)(
 *   async (_url: string, init?: RequestInit) => new Response(JSON.stringify([...new Headers(init?.headers)])),
 * );
 * console.log(await (await authFetch("https://example.com/")).text());
 * // → [["authorization","Basic ZmlubGV5OnNlY3JldA=="],["x-api-key","k1"]]
 */
export function compose(...middlewares: readonly KeepsFetch[]): KeepsFetch;
export function compose<F>(...middlewares: readonly ((next: F) => F)[]): (next: F) => F;
export function compose<A, B, C>(outer: (next: B) => C, inner: (next: A) => B): (next: A) => C;
export function compose<A, B, C, D>(
  outer: (next: C) => D,
  middle: (next: B) => C,
  inner: (next: A) => B,
): (next: A) => D;
export function compose(...middlewares: readonly FetchMiddleware[]): FetchMiddleware {
  for (const [index, middleware] of middlewares.entries()) {
    if (typeof middleware === "function") continue;
    const what = middleware === null ? "null" : typeof middleware;
    throw new InvalidOptionError(
      `Middleware ${index + 1} of compose is ${what}. Give functions (next) => fetch; defineScheme makes one of a scheme.`,
    );
  }
  return (next: unknown) => middlewares.reduceRight<unknown>((inner, middleware) => middleware(inner), next);
}
