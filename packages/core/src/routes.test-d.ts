import { basic } from "@authflow/basic";
import type { AuthScheme, Fetch, Middleware, Scheme } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { anyOf, type AuthFetch, createAuthFetch, install, type Installation, type InstallOptions } from "./index.ts";
import { type Route, type RouteMatch, routes } from "./index.ts";

declare const authFetch: AuthFetch;
const retry = (next: Fetch): Fetch => next;

test("routes are a middleware, which keeps the type of any fetch", () => {
  expectTypeOf(routes([])).toEqualTypeOf<Middleware>();
  expectTypeOf(routes([])(authFetch)).toEqualTypeOf<AuthFetch>();
  expectTypeOf(routes([])(globalThis.fetch)).toEqualTypeOf<typeof globalThis.fetch>();
});

test("a route has a match, and auth or use or both", () => {
  const list = [
    { match: "https://a.example", auth: ["u", "p"] },
    { match: ["https://b.example", (url: URL) => url.port === "1"], auth: null },
    { match: (url: URL) => url.pathname === "/", auth: basic({ username: "u", password: "p" }), use: retry },
    { match: "https://c.example", use: retry },
    { match: "https://d.example", use: basic({ username: "u", password: "p" }) },
    { match: "https://e.example", auth: async (request: Request) => request },
  ] as const satisfies readonly Route[];
  void createAuthFetch({ routes: list });
  void routes([{ match: (url) => url.hostname.endsWith(".example"), auth: (request) => request }]);
  // @ts-expect-error neither
  void routes([{ match: "https://a.example" }]);
  // @ts-expect-error no match
  void routes([{ auth: null }]);
  // @ts-expect-error not known, which is not null
  void routes([{ match: "https://a.example", auth: undefined }]);
  // @ts-expect-error answers later
  void routes([{ match: async () => true, auth: null }]);
  // @ts-expect-error matches within words
  void routes([{ match: /api/, auth: null }]);
  expectTypeOf<string>().toExtend<RouteMatch>();
});

test("anyOf takes schemes and is one", () => {
  expectTypeOf(anyOf(basic({ username: "u", password: "p" }))).toEqualTypeOf<Scheme>();
  const list: AuthScheme[] = [];
  void anyOf(...list);
  void anyOf(async (request) => request, basic({ username: "u", password: "p" }));
  // @ts-expect-error what makes a scheme has to be called
  void anyOf(basic);
  // @ts-expect-error a pair is no scheme
  void anyOf(["u", "p"]);
});

test("install demands a scope", () => {
  expectTypeOf(install).returns.toEqualTypeOf<Installation>();
  expectTypeOf<Installation>().toExtend<Disposable>();
  expectTypeOf<{ routes: [] }>().toExtend<InstallOptions>();
  expectTypeOf<{ origins: []; auth: ["u", "p"]; routes: []; replayLimit: 1 }>().toExtend<InstallOptions>();
  // @ts-expect-error no scope
  void install({});
  // @ts-expect-error auth needs origins
  void install({ auth: ["u", "p"] });
  // @ts-expect-error also beside routes
  void install({ auth: ["u", "p"], routes: [] });
  void install({ routes: [], auth: null });
  void install({ routes: [], auth: undefined, origins: ["https://a.example"] });
  // @ts-expect-error a scheme as well
  void install({ auth: basic({ username: "u", password: "p" }), routes: [] });
  // @ts-expect-error a scheme goes into `auth`
  void install(basic({ username: "u", password: "p", origins: ["https://a.example"] }));
  // @ts-expect-error it wraps the global one
  void install({ routes: [], fetch: globalThis.fetch });
});
