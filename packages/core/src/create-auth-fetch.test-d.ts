import { basic } from "@authflow/basic";
import { type AuthScheme, defineScheme, type Fetch } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import {
  type AuthFetch,
  type AuthFetchOptions,
  type AuthInit,
  type AuthLike,
  compose,
  createAuthFetch,
} from "./index.ts";

declare const authFetch: AuthFetch;

test("an AuthFetch stands wherever a fetch can", () => {
  expectTypeOf(authFetch).toExtend<(input: string | URL | Request, init?: RequestInit) => Promise<Response>>();
  expectTypeOf(authFetch).toExtend<typeof globalThis.fetch>();
  expectTypeOf(authFetch).toExtend<Fetch>();
  expectTypeOf(authFetch).toExtend<(input: Request) => Promise<Response>>();
  expectTypeOf(authFetch).toExtend<(input: string, init: { method: string }) => Promise<Response>>();
  void authFetch("https://example.com/");
  void authFetch(new URL("https://example.com/"));
  void authFetch(new Request("https://example.com/"), { method: "POST" });
  void authFetch("https://example.com/", undefined);
  // @ts-expect-error no URL
  void authFetch(42);
});

test("its init is that of fetch, with auth and a body factory", () => {
  expectTypeOf<RequestInit>().toExtend<AuthInit>();
  void authFetch("", { auth: ["finley", "secret"] });
  void authFetch("", { auth: ["finley", "secret"] as const, signal: AbortSignal.abort() });
  void authFetch("", { auth: null });
  void authFetch("", { auth: undefined });
  void authFetch("", { auth: basic({ username: "finley", password: "secret" }) });
  void authFetch("", { auth: async (request) => new Request(request) });
  void authFetch("", {
    auth: (request) => {
      request.headers.set("x-authentication", "1");
      return request;
    },
  });
  void authFetch("", { method: "POST", body: "text" });
  void authFetch("", { method: "POST", body: () => new FormData() });
  void authFetch("", { method: "POST", body: async () => new Uint8Array(1) });
  void authFetch("", { method: "POST", body: () => new ReadableStream() });
  // @ts-expect-error what makes a scheme has to be called
  void authFetch("", { auth: basic });
  // @ts-expect-error a fetch that a scheme wraps
  void authFetch("", { auth: basic({ username: "finley", password: "secret" })(fetch) });
  // @ts-expect-error a middleware
  void authFetch("", { auth: compose() });
  // @ts-expect-error a list of one
  void authFetch("", { auth: ["finley"] });
  // @ts-expect-error a list of three
  void authFetch("", { auth: ["finley", "secret", "x"] });
  // @ts-expect-error no string
  void authFetch("", { auth: "finley:secret" });
  // @ts-expect-error no body
  void authFetch("", { body: () => 42 });
});

test("auth reads as a scheme and takes everything that auth may be", () => {
  expectTypeOf<AuthFetch["auth"]>().toEqualTypeOf<AuthScheme | null>();
  authFetch.auth = ["finley", "secret"];
  authFetch.auth = (request) => request;
  authFetch.auth = null;
  authFetch.auth = defineScheme((request) => request);
  // @ts-expect-error null is meant
  authFetch.auth = undefined;
});

test("a literal needs no annotation, and a class only the interface", () => {
  void createAuthFetch({
    auth: {
      name: "literal",
      *authFlow(request) {
        const response = yield request;
        if (response.status === 401) yield request;
      },
    },
  });
  class Token implements AuthScheme {
    readonly name = "token";
    *authFlow(request: Request): Generator<Request, void, Response> {
      yield request;
    }
  }
  expectTypeOf<Token>().toExtend<AuthLike>();
});

test("any fetch can be what sends", () => {
  expectTypeOf(createAuthFetch()).toEqualTypeOf<AuthFetch>();
  void createAuthFetch({ fetch: globalThis.fetch });
  void createAuthFetch({ fetch: authFetch });
  void createAuthFetch({ fetch: async (input: string) => new Response(input) });
  void createAuthFetch({ fetch: async (input: { href: string }) => ({ status: input.href.length }) });
  // @ts-expect-error gives no promise
  void createAuthFetch({ fetch: () => new Response() });
  // @ts-expect-error a scheme goes into `auth`
  void createAuthFetch(basic({ username: "finley", password: "secret" }));
  // @ts-expect-error what makes a scheme has to be called
  void createAuthFetch(basic);
  // @ts-expect-error a fetch goes into `fetch`
  void createAuthFetch(fetch);
  // @ts-expect-error a scheme that has a member of the same name as an option
  void createAuthFetch({ name: "token", origins: [] } as AuthScheme);
  // @ts-expect-error an option that there is not
  void createAuthFetch({ timeout: 1000 });
  expectTypeOf<{
    auth: undefined;
    origins: undefined;
    fetch: undefined;
    onExchange: undefined;
  }>().toExtend<AuthFetchOptions>();
});
