import { type FetchMiddleware, InvalidOptionError } from "@authflow/flow";
import { applied } from "./applied.ts";

/** A middleware that gives back the very kind of fetch that it was given, as every scheme does. */
// `any` for the reason that flow's Middleware gives.
// oxlint-disable-next-line typescript/no-explicit-any
type KeepsFetch = <F extends (input: any, init?: any) => Promise<any>>(next: F) => F;

/**
 * Makes one middleware of several, the first one outermost: `compose(a, b)(fetch)` is `a(b(fetch))`.
 *
 * @param middlewares schemes, and any other `(next) => fetch`
 * @returns a middleware; without any, one that gives back what it is given
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for what is no middleware: at once for what is no function and for a fetch that is
 *   known for one, else from the call that applies it
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
    if (typeof middleware !== "function" || isFetch(middleware)) {
      throw new InvalidOptionError(
        `${nameOf(index)} is no (next) => fetch. defineScheme makes one of a scheme; a fetch goes last: compose(a, b)(fetch).`,
      );
    }
  }
  return (next: unknown) =>
    middlewares.reduceRight<unknown>((inner, middleware, index) => applied(middleware, inner, nameOf(index)), next);
}

function nameOf(index: number): string {
  return `Middleware ${index + 1} of compose`;
}

/** Whether a function is known for a fetch: the platform's, or one that a scheme wraps, which flow has marked. */
function isFetch(value: object): boolean {
  return value === globalThis.fetch || Symbol.for("@authflow/wrapped") in value;
}
