import type { Challenge } from "@authflow/challenge";
import { createAuthFetch } from "@authflow/core";
import type { AuthScheme, Fetch, FetchMiddleware, FlowContext, Middleware, Scheme, SyncScheme } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { bearer, type BearerOptions, type TokenSource, type TokenSourceOptions } from "./index.ts";

test("what bearer takes", () => {
  bearer("t1");
  bearer("t1", { requireHttps: true, origins: ["https://example.com"] });
  bearer(() => "t1");
  bearer(async () => "t1");
  bearer(async ({ url, headers }) => `${url}${headers.get("authorization")}`);
  bearer(() => "t1", { perRequest: true, bare401: true, backOff: 0, now: () => 0, requireHttps: true, origins: [] });
  // Options that a caller computes may be undefined.
  bearer("t1", { requireHttps: undefined, origins: undefined });
  bearer(() => "t1", { perRequest: undefined, bare401: undefined, backOff: undefined, now: undefined });

  // What the function is given has its type by inference.
  bearer((request, challenge) => {
    expectTypeOf(request).toEqualTypeOf<Request>();
    expectTypeOf(challenge).toEqualTypeOf<Challenge | undefined>();
    return "t1";
  });
  bearer(async (request, challenge) => {
    expectTypeOf(request).toEqualTypeOf<Request>();
    expectTypeOf(challenge).toEqualTypeOf<Challenge | undefined>();
    return "t1";
  });
  // One that says it may be left out is one that can be called without it, too.
  const source = async (request: Request, challenge?: Challenge): Promise<string> =>
    `${request.url}${challenge?.scheme}`;
  bearer(source);
  expectTypeOf(source).toExtend<TokenSource>();

  // Either, for callers that hold the union.
  const either = (token: string | TokenSource): Scheme => bearer(token);
  expectTypeOf(either).returns.toEqualTypeOf<Scheme>();
  expectTypeOf<TokenSourceOptions>().toExtend<BearerOptions>();

  // @ts-expect-error a token is needed
  bearer();
  // @ts-expect-error an environment variable may be missing: check it, or give it a default
  bearer(process.env["TOKEN"]);
  // @ts-expect-error a promise is not waited for: give the function
  bearer(Promise.resolve("t1"));
  // @ts-expect-error a function gives a token in any case
  bearer(async () => undefined);
  // @ts-expect-error the token comes first
  bearer({ token: "t1" });
  // @ts-expect-error these are for functions
  bearer("t1", { perRequest: true });
  // @ts-expect-error no such option
  bearer(() => "t1", { realm: "x" });
});

test("what bearer gives", () => {
  const fixed = bearer("t1");
  expectTypeOf(fixed).toEqualTypeOf<SyncScheme>();
  const asking = bearer(() => "t1");
  expectTypeOf(asking).toEqualTypeOf<Scheme>();
  expectTypeOf(asking).toExtend<Middleware>();
  expectTypeOf(fixed).toExtend<AuthScheme>();
  expectTypeOf(asking).toExtend<FetchMiddleware>();
  createAuthFetch({ auth: fixed });
  createAuthFetch({ auth: asking });

  // A wrapped fetch has the type of what was wrapped.
  expectTypeOf(asking(fetch)).toEqualTypeOf<typeof fetch>();
  expectTypeOf(fixed({} as Fetch)).toEqualTypeOf<Fetch>();

  // A flow of another scheme can run it.
  expectTypeOf(fixed.authFlow(new Request("https://example.com/"), {} as FlowContext)).toEqualTypeOf<
    Generator<Request, Response | void, Response>
  >();
});
