import { basic } from "@authflow/basic";
import { type Route, routes } from "@authflow/core";
import type { Next } from "./mock-next.ts";

type Fetch = Next["fetch"];

/** A table of routes of which the last one matches, and what it is compared with. */
export interface RouteCase {
  readonly name: string;
  readonly make: (fetch: Fetch) => Fetch;
  /** The same without routes: by default, the scheme alone. */
  readonly without?: (fetch: Fetch) => Fetch;
  /** How many microseconds more a call may take. */
  readonly limit: number;
}

const API = "https://api.example.com";
const auth = basic({ username: "finley", password: "secret" });

/** Many URLs, since a table remembers the one that it looked up last. */
export const ROUTED_URLS: readonly string[] = Array.from(
  { length: 64 },
  (_, index) => `${API}/v1/items/${index}?page=${index}`,
);

/** The scheme alone, at every URL. */
export function withoutRoutes(fetch: Fetch): Fetch {
  return auth(fetch);
}

export const ROUTE_CASES: readonly RouteCase[] = [
  { name: "10 origins", make: (fetch) => routes(origins(10))(fetch), limit: 1 },
  { name: "1,000 origins", make: (fetch) => routes(origins(1000))(fetch), limit: 20 },
  { name: "10 prefixes of one origin", make: (fetch) => routes(prefixes(10))(fetch), limit: 1 },
  { name: "1,000 prefixes of one origin", make: (fetch) => routes(prefixes(1000))(fetch), limit: 20 },
  { name: "10 origins with `use`", make: (fetch) => routes(origins(10).map(used))(fetch), limit: 1 },
  { name: "1,000 origins with `use`", make: (fetch) => routes(origins(1000).map(used))(fetch), limit: 20 },
  {
    name: "10 functions",
    make: (fetch) => routes(functions(10).map((match) => ({ match, auth })))(fetch),
    without: (fetch) => askedByHand(functions(10), fetch),
    limit: 1,
  },
  {
    name: "1,000 functions",
    make: (fetch) => routes(functions(1000).map((match) => ({ match, auth })))(fetch),
    without: (fetch) => askedByHand(functions(1000), fetch),
    limit: 20,
  },
];

function origins(count: number): Route[] {
  return [...others(count).map((index) => ({ match: `https://api-${index}.example.com`, auth })), { match: API, auth }];
}

function prefixes(count: number): Route[] {
  return [
    ...others(count).map((index) => ({ match: `${API}/v1/users/${index}`, auth })),
    { match: `${API}/v1/items`, auth },
  ];
}

function functions(count: number): ((url: URL) => boolean)[] {
  const paths = [...others(count).map((index) => `/v1/users/${index}`), "/v1/items/"];
  return paths.map((path) => (url: URL) => url.pathname.startsWith(path));
}

/** What the functions take themselves is not the table's: somebody without one would ask them in turn. */
function askedByHand(matches: readonly ((url: URL) => boolean)[], fetch: Fetch): Fetch {
  const authFetch = auth(fetch);
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return matches.some((match) => match(url)) ? authFetch(input, init) : fetch(input, init);
  };
}

/** With a middleware that hands on what it gets. */
function used(route: Route): Route {
  return {
    ...route,
    use:
      (next: Fetch): Fetch =>
      (input, init) =>
        next(input, init),
  };
}

function others(count: number): number[] {
  return Array.from({ length: count - 1 }, (_, index) => index);
}
