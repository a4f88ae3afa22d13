import { createAuthFetch } from "@authflow/core";
import type { AuthScheme, FetchMiddleware, Middleware, Scheme } from "@authflow/flow";
import { ClientSecretPost } from "oauth4webapi";
import { expectTypeOf, test } from "vitest";
import { fileStore } from "./file.ts";
import {
  clientCredentials,
  type ClientCredentialsOptions,
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
const SERVICE = { ...OPTIONS, clientSecret: "s3cret" };

test("what a grant takes", () => {
  clientCredentials(SERVICE);
  clientCredentials({ issuer: "https://auth.example.com", clientId: "app", clientSecret: "s3cret" });
  clientCredentials({
    issuer: new URL("https://auth.example.com"),
    clientId: "app",
    clientAuth: clientSecretPost("s3cret"),
  });
  clientCredentials({ ...OPTIONS, clientAuth: ClientSecretPost("s3cret") });
  clientCredentials({
    ...SERVICE,
    scope: ["read"],
    resource: "https://api.example.com/",
    parameters: { audience: "api" },
  });
  clientCredentials({
    ...SERVICE,
    header: "x-token",
    format: (token) => `Token ${token}`,
    bare401: true,
    requireHttps: true,
  });
  // Options that a caller computes may be undefined.
  clientCredentials({
    ...SERVICE,
    issuer: undefined,
    clientAuth: undefined,
    store: undefined,
    scope: undefined,
    now: undefined,
  });
  clientCredentials({
    ...SERVICE,
    onRefreshed: ({ expiresAt, refreshed }) => {
      expectTypeOf(expiresAt).toEqualTypeOf<number | undefined>();
      expectTypeOf(refreshed).toEqualTypeOf<boolean>();
    },
    onFailed: ({ error }) => expectTypeOf(error).toEqualTypeOf<unknown>(),
    onReauthorize: ({ error }) => expectTypeOf(error).toEqualTypeOf<OAuth2Error>(),
  });
  // @ts-expect-error a client is needed
  clientCredentials({ tokenEndpoint: "https://auth.example.com/token", clientSecret: "s3cret" });
  // @ts-expect-error only a confidential client may have it (RFC 6749 §4.4)
  clientCredentials(OPTIONS);
  // @ts-expect-error nobody knows whether the variable is set
  clientCredentials({ ...OPTIONS, clientSecret: process.env["CLIENT_SECRET"] });
  // Grants that public clients may have take it, too.
  refreshToken({ ...OPTIONS, clientSecret: process.env["CLIENT_SECRET"], tokens: "refresh" });
  expectTypeOf<Parameters<typeof clientCredentials>[0]>().toEqualTypeOf<ClientCredentialsOptions>();

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
  const scheme = clientCredentials(SERVICE);
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
  clientCredentials({ ...SERVICE, store: tokenStore(backend) });
  // @ts-expect-error a backend is no store yet
  clientCredentials({ ...SERVICE, store: backend });
});

test("revoke", () => {
  expectTypeOf(revoke).toBeCallableWith(clientCredentials(SERVICE), fetch);
  expectTypeOf(revoke(clientCredentials(SERVICE))).toEqualTypeOf<Promise<void>>();
});

test("errors", () => {
  expectTypeOf<OAuth2Error["code"]>().toEqualTypeOf<OAuth2ErrorCode>();
  expectTypeOf<OAuth2Error["errorDescription"]>().toEqualTypeOf<string | undefined>();
});
