import { basic } from "@authflow/basic";
import type { Fetch, FetchMiddleware, Middleware } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { type AuthFetch, compose, createAuthFetch } from "./index.ts";

type Alien = (input: { href: string }, init?: { dispatcher: object }) => Promise<{ status: number }>;

declare const authFetch: AuthFetch;
declare const alien: Alien;
declare const scheme: Middleware;
const retry = (next: Fetch): Fetch => next;

test("schemes keep the type of any fetch, also composed", () => {
  const both = compose(scheme, basic({ username: "finley", password: "secret" }));
  expectTypeOf(both(authFetch)).toEqualTypeOf<AuthFetch>();
  expectTypeOf(both(alien)).toEqualTypeOf<Alien>();
  expectTypeOf(compose(both, scheme)(alien)).toEqualTypeOf<Alien>();
  expectTypeOf(compose()(alien)).toEqualTypeOf<Alien>();
  const list: FetchMiddleware[] = [scheme, retry];
  expectTypeOf(compose(...list)).toEqualTypeOf<FetchMiddleware>();
});

test("middlewares for one kind of fetch make one for that kind", () => {
  expectTypeOf(compose(scheme, retry, scheme, retry)).toEqualTypeOf<(next: Fetch) => Fetch>();
  expectTypeOf(compose(retry)).toEqualTypeOf<(next: Fetch) => Fetch>();
});

test("two or three may each make another kind of fetch", () => {
  const client = (next: Fetch): AuthFetch => createAuthFetch({ fetch: next });
  const known =
    (next: Alien): Fetch =>
    async () =>
      (await next({ href: "" })) as Response;
  expectTypeOf(compose(client, retry)).toEqualTypeOf<(next: Fetch) => AuthFetch>();
  expectTypeOf(compose(client, known)).toEqualTypeOf<(next: Alien) => AuthFetch>();
  expectTypeOf(compose(client, retry, known)).toEqualTypeOf<(next: Alien) => AuthFetch>();
});

test("what doesn't fit together, and what is no middleware, is an error", () => {
  const status = (next: Fetch) => async (): Promise<number> => (await next("")).status;
  // @ts-expect-error retry takes a fetch that gives a Response
  compose(retry, status);
  // @ts-expect-error a literal is no middleware; defineScheme makes one of it
  compose(scheme, { name: "literal" });
});
