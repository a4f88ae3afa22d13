import { createAuthFetch } from "@authflow/core";
import type { AuthScheme, FetchMiddleware, Middleware, Scheme } from "@authflow/flow";
import { ClientSecretPost } from "oauth4webapi";
import { expectTypeOf, test } from "vitest";
import { fileStore } from "./file.ts";
import {
  clientCredentials,
  clientSecretPost,
  jwtBearer,
  memoryStore,
  type OAuth2ErrorCode,
  type OAuth2Error,
} from "./index.ts";
import {
  refreshToken,
  revoke,
  type StoreBackend,
  tokenExchange,
  type TokenSet,
  type TokenStore,
  tokenStore,
} from "./index.ts";

const OPTIONS = { tokenEndpoint: "https://auth.example.com/token", clientId: "app" };

test("what a grant takes", () => {
  clientCredentials(OPTIONS);
  clientCredentials({ issuer: "https://auth.example.com", clientId: "app", clientSecret: "s3cret" });
  clientCredentials({
    issuer: new URL("https://auth.example.com"),
    clientId: "app",
    clientAuth: clientSecretPost("s3cret"),
  });
  clientCredentials({ ...OPTIONS, clientAuth: ClientSecretPost("s3cret") });
  clientCredentials({
    ...OPTIONS,
    scope: ["read"],
    resource: "https://api.example.com/",
    parameters: { audience: "api" },
  });
  clientCredentials({
    ...OPTIONS,
    header: "x-token",
    format: (token) => `Token ${token}`,
    bare401: true,
    requireHttps: true,
  });
  // Options that a caller computes may be undefined.
  clientCredentials({
    ...OPTIONS,
    issuer: undefined,
    clientSecret: undefined,
    store: undefined,
    scope: undefined,
    now: undefined,
  });
  clientCredentials({
    ...OPTIONS,
    onRefreshed: ({ expiresAt, refreshed }) => {
      expectTypeOf(expiresAt).toEqualTypeOf<number | undefined>();
      expectTypeOf(refreshed).toEqualTypeOf<boolean>();
    },
    onFailed: ({ error }) => expectTypeOf(error).toEqualTypeOf<unknown>(),
    onReauthorize: ({ error }) => expectTypeOf(error).toEqualTypeOf<OAuth2Error>(),
  });
  // @ts-expect-error a client is needed
  clientCredentials({ tokenEndpoint: "https://auth.example.com/token" });

  refreshToken({ ...OPTIONS, tokens: "refresh" });
  refreshToken({ ...OPTIONS, tokens: { refreshToken: "refresh", accessToken: "access", expiresAt: Date.now() } });
  expectTypeOf<TokenSet & { refreshToken: string }>().toExtend<Parameters<typeof refreshToken>[0]["tokens"]>();
  // @ts-expect-error tokens are needed
  refreshToken(OPTIONS);
  // @ts-expect-error an access token can't be refreshed
  refreshToken({ ...OPTIONS, tokens: { accessToken: "access" } });

  jwtBearer({ ...OPTIONS, assertion: "a.b.c" });
  jwtBearer({ ...OPTIONS, assertion: async () => "a.b.c" });
  tokenExchange({
    ...OPTIONS,
    subjectToken: () => "t",
    subjectTokenType: "jwt",
    requestedTokenType: "urn:example:type",
  });
  // @ts-expect-error a type of one's own is a URI
  tokenExchange({ ...OPTIONS, subjectToken: "t", subjectTokenType: "own" });
});

test("what a grant is", () => {
  const scheme = clientCredentials(OPTIONS);
  expectTypeOf(scheme).toEqualTypeOf<Scheme>();
  expectTypeOf(scheme).toExtend<Middleware>();
  expectTypeOf(scheme).toExtend<FetchMiddleware>();
  expectTypeOf(scheme).toExtend<AuthScheme>();
  expectTypeOf(scheme(fetch)).toEqualTypeOf<typeof fetch>();
  const own = async (url: string): Promise<Response> => fetch(url);
  expectTypeOf(scheme(own)).toEqualTypeOf<(url: string) => Promise<Response>>();
  createAuthFetch({ auth: scheme });
  createAuthFetch({ routes: [{ match: "https://api.example.com/", auth: scheme }] });
});

test("where tokens are kept", () => {
  expectTypeOf(memoryStore()).toEqualTypeOf<TokenStore>();
  expectTypeOf(fileStore("tokens.json")).toEqualTypeOf<TokenStore>();
  fileStore(new URL("file:///tokens.json"), { key: "me", encrypt: async (text) => text, decrypt: (text) => text });
  // A client of a database fits without our types.
  const backend = {
    get: async (key: string): Promise<string | undefined> => key,
    compareAndSet: async (_key: string, _expected: string | undefined, _next: string | undefined): Promise<boolean> =>
      true,
    lock: async (): Promise<{ release: () => Promise<void> }> => ({ release: async () => {} }),
  };
  expectTypeOf(backend).toExtend<StoreBackend>();
  clientCredentials({ ...OPTIONS, store: tokenStore(backend) });
  // @ts-expect-error a backend is no store yet
  clientCredentials({ ...OPTIONS, store: backend });
});

test("revoke", () => {
  expectTypeOf(revoke).toBeCallableWith(clientCredentials(OPTIONS), fetch);
  expectTypeOf(revoke(clientCredentials(OPTIONS))).toEqualTypeOf<Promise<void>>();
});

test("errors", () => {
  expectTypeOf<OAuth2Error["code"]>().toEqualTypeOf<OAuth2ErrorCode>();
  expectTypeOf<OAuth2Error["errorDescription"]>().toEqualTypeOf<string | undefined>();
});
