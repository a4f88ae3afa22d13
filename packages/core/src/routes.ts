import { type AuthScheme, type Middleware, runFlow } from "@authflow/flow";
import { routeFetch } from "./route-fetch.ts";
import { RouteTable } from "./route-table.ts";
import type { Route } from "./route.ts";
import { schemeByUrl } from "./scheme-by-url.ts";

/** What the schemes of routes do, as one scheme that looks up each hop afresh. */
export function routeScheme(table: RouteTable): AuthScheme {
  const schemes = table.lanes.flatMap(({ scheme }) => scheme ?? []);
  return schemeByUrl({ name: "routes", scope: "origin" }, schemes, (href) => table.schemeAt(href));
}

/** A scheme that is silent where a route says who a request is from. */
export function elseScheme(table: RouteTable, scheme: AuthScheme): AuthScheme {
  return schemeByUrl(scheme, [scheme], (href) => (table.decides(href) ? undefined : scheme));
}

/**
 * Makes a middleware that authenticates each request by where it goes. The first route that matches wins, and every hop of
 * a chain of redirects is looked up afresh, so each server gets its own credentials and no other's.
 *
 * A string is an origin or a URL prefix. Prefixes end at the border of a path segment; they are compared after both URLs
 * were parsed, so that host case, default ports, IDN and `..` make no difference. A path that reads differently once
 * `%2f`, `%2e` and the like are decoded matches only where both readings lead to the same route; else no credentials go
 * out.
 *
 * @param list `match`: an origin or a URL prefix, a URLPattern, a function, or a list of these; `auth`: who requests there
 *   are from, `null` for nobody; `use`: any `(next) => fetch` that they go through
 * @returns the middleware: `routes(list)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for a route that can't be meant; from a call, for a function that gives no boolean
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for what is no `auth`
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS` for a user name or a password that Basic can't send
 *
 * @example
 * import { routes } from "@authflow/core";
 *
 * const authFetch = routes([
 *   { match: "https://api.example.com/public", auth: null },
 *   { match: "https://api.example.com", auth: ["finley", "secret"] },
 * ])(async (_url: string, init?: RequestInit) => new Response(new Headers(init?.headers).get("authorization")));
 *
 * console.log(await (await authFetch("https://api.example.com/v1")).text()); // → Basic ZmlubGV5OnNlY3JldA==
 * console.log(await (await authFetch("https://api.example.com/public/a")).text()); // →
 */
export function routes(list: readonly Route[]): Middleware {
  const table = new RouteTable(list);
  const scheme = routeScheme(table);
  return (next, options) =>
    // What is no function is refused by the runner, and what is one keeps its shape.
    runFlow(scheme, typeof next === "function" ? (routeFetch(table, next) as unknown as typeof next) : next, options);
}
