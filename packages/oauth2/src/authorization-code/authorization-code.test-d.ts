import type { Fetch, Scheme } from "@authflow/flow";
import { expectTypeOf, test } from "vitest";
import { authorizationCode, type Authorize, type PendingAuthorization, refreshToken, type TokenSet } from "../index.ts";
import { webLogin } from "../index.ts";
import { loopback } from "../loopback.ts";

const client = { issuer: "https://auth.example.com", clientId: "app" };

test("authorizationCode", () => {
  const scheme = authorizationCode({ ...client, authorize: async () => "https://app.example.com/callback?code=c1" });
  expectTypeOf(scheme).toEqualTypeOf<Scheme>();
  expectTypeOf(scheme(fetch)).toEqualTypeOf<typeof fetch>();

  // What the function is given has its types by inference; it may give a text or a URL.
  authorizationCode({
    ...client,
    authorize: async (urlFor, { signal }) => {
      expectTypeOf(urlFor).toEqualTypeOf<(redirectUri: string | URL) => URL>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return urlFor(new URL("https://app.example.com/callback"));
    },
  });
  authorizationCode({ ...client, authorize: loopback({ open: (url) => void url.href }) });
  // Options that a caller computes may be undefined.
  authorizationCode({
    ...client,
    authorize: async () => "",
    authorizationEndpoint: undefined,
    authorizationParameters: undefined,
    scope: undefined,
  });

  // @ts-expect-error nobody is asked
  authorizationCode(client);
  // @ts-expect-error a person takes their time
  authorizationCode({ ...client, authorize: () => "https://app.example.com/callback?code=c1" });
  // @ts-expect-error no such option: PKCE is always used
  authorizationCode({ ...client, authorize: async () => "", pkce: false });
});

test("loopback", () => {
  expectTypeOf(loopback).returns.toEqualTypeOf<Authorize>();
  loopback({ open: async () => {}, path: "/cb", port: 8080, timeLimit: 1000, page: "" });
  loopback({ open: () => {}, path: undefined, port: undefined, timeLimit: undefined, page: undefined });
  // @ts-expect-error nobody would see the URL
  loopback({});
  // @ts-expect-error it listens on 127.0.0.1, and nowhere else
  loopback({ open: () => {}, host: "0.0.0.0" });
});

test("webLogin", async () => {
  const login = webLogin({ ...client, redirectUri: "https://app.example.com/callback", fetch: {} as Fetch });
  const pending = await login.begin();
  expectTypeOf(pending).toEqualTypeOf<PendingAuthorization>();
  expectTypeOf(pending.url).toBeString();
  const tokens = await login.finish(pending, new URL("https://app.example.com/callback?code=c1"));
  expectTypeOf(tokens).toEqualTypeOf<TokenSet>();
  // @ts-expect-error there may be no refresh token
  refreshToken({ ...client, tokens });
  // @ts-expect-error where they come back to
  webLogin(client);
});
