import { createAuthFetch } from "@authflow/core";
import type {
  AuthError,
  AuthScheme,
  Fetch,
  FetchMiddleware,
  FlowContext,
  Middleware,
  Scheme,
  SyncScheme,
} from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { apiKey, type ApiKeyOptions, type ForbiddenHeaderError } from "./index.ts";
import type { CookieKeyOptions, HeaderKeyOptions, QueryKeyOptions } from "./index.ts";

test("what apiKey takes", () => {
  apiKey({ header: "x-api-key", value: "k1" });
  apiKey({ header: true, value: "k1" });
  apiKey({ query: "api_key", value: "k1", requireHttps: true, origins: ["https://example.com"] });
  apiKey({ query: true, value: "k1" });
  apiKey({ cookie: "key", value: "k1" });
  // Options that a caller computes may be undefined.
  apiKey({
    header: "x-api-key",
    query: undefined,
    cookie: undefined,
    value: "k1",
    requireHttps: undefined,
    origins: undefined,
  });
  expectTypeOf<Parameters<typeof apiKey>>().toEqualTypeOf<[options: ApiKeyOptions]>();
  expectTypeOf<ApiKeyOptions>().toEqualTypeOf<HeaderKeyOptions | QueryKeyOptions | CookieKeyOptions>();

  // @ts-expect-error the key is needed
  apiKey({ header: "x-api-key" });
  // @ts-expect-error an environment variable may be missing: check it, or give it a default
  apiKey({ header: "x-api-key", value: process.env["API_KEY"] });
  // @ts-expect-error a place is needed
  apiKey({ value: "k1" });
  // @ts-expect-error one place
  apiKey({ header: "x-api-key", query: "api_key", value: "k1" });
  // @ts-expect-error one place
  apiKey({ query: "api_key", cookie: "key", value: "k1" });
  // @ts-expect-error cookies have no usual name
  apiKey({ cookie: true, value: "k1" });
  // @ts-expect-error a place is chosen by its name, not switched off
  apiKey({ header: false, query: "api_key", value: "k1" });
  // @ts-expect-error the key is text
  apiKey({ header: "x-api-key", value: () => "k1" });
  // @ts-expect-error the options are one object
  apiKey("x-api-key", "k1");
  // @ts-expect-error no such option
  apiKey({ header: "authorization", prefix: "Token", value: "k1" });
});

test("what apiKey gives", () => {
  const scheme = apiKey({ header: "x-api-key", value: "k1" });
  expectTypeOf(scheme).toEqualTypeOf<SyncScheme>();
  expectTypeOf(scheme).toExtend<Middleware>();
  expectTypeOf(scheme).toExtend<Scheme>();
  expectTypeOf(scheme).toExtend<AuthScheme>();
  expectTypeOf(scheme).toExtend<FetchMiddleware>();
  createAuthFetch({ auth: scheme });
  expectTypeOf<ForbiddenHeaderError>().toExtend<AuthError>();

  // A wrapped fetch has the type of what was wrapped.
  expectTypeOf(scheme(fetch)).toEqualTypeOf<typeof fetch>();
  expectTypeOf(scheme({} as Fetch)).toEqualTypeOf<Fetch>();

  // A flow of another scheme can run it.
  expectTypeOf(scheme.authFlow(new Request("https://example.com/"), {} as FlowContext)).toEqualTypeOf<
    Generator<Request, Response | void, Response>
  >();
});
