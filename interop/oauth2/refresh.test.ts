import { setTimeout as pause } from "node:timers/promises";
import { refreshToken, type RefreshTokenOptions } from "@authflow/oauth2";
import { describe, expect, it, vi } from "vitest";
import { login } from "./server/login.ts";
import { startedServer } from "./started-server.ts";

const server = startedServer();
const CALLS = 100;
const HOUR = 3_600_000;

/** A client that has the tokens of a login, whose refresh token is good once. */
async function loggedIn(more: Partial<RefreshTokenOptions> = {}, next: typeof fetch = fetch): Promise<typeof fetch> {
  const { issuer } = server();
  const { access_token: accessToken, refresh_token: token, expires_in: lifetime } = await login(issuer);
  const tokens = { accessToken, refreshToken: token, expiresAt: Date.now() + lifetime * 1000 };
  const authFetch = refreshToken({ issuer, clientId: "cli", tokens, ...more })(next);
  server().told();
  return authFetch;
}

const urlOf = (input: string | URL | Request): string => (input instanceof Request ? input.url : String(input));

/** How many lines of the log are the same, for each of them. */
function counted(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of server().told()) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}

const ONE_REFRESH = { "GET /.well-known/openid-configuration: 200": 1, "POST /token refresh_token: 200": 1 };

describe("refresh tokens of oidc-provider, which are good once", () => {
  it("refreshes once for 100 calls that are refused at once", async () => {
    const authFetch = await loggedIn();
    server().voidAccessTokens();
    const responses = await Promise.all(Array.from({ length: CALLS }, async () => authFetch(server().api)));
    expect(responses.filter(({ ok }) => ok)).toHaveLength(CALLS);
    expect(counted()).toEqual({ ...ONE_REFRESH, "GET /: 401": CALLS, "GET /: 200": CALLS });
  });

  it("refreshes once for 100 calls that begin one millisecond after the other", async () => {
    const authFetch = await loggedIn();
    server().voidAccessTokens();
    const calls: Promise<Response>[] = [];
    for (let count = 0; count < CALLS; count++) {
      calls.push(authFetch(server().api));
      await pause(1);
    }
    expect((await Promise.all(calls)).filter(({ ok }) => ok)).toHaveLength(CALLS);
    expect(counted()).toMatchObject({ ...ONE_REFRESH, "GET /: 200": CALLS });
  });

  it("refreshes once, and before anything is refused, for 100 calls with a token that has expired", async () => {
    const authFetch = await loggedIn({ now: () => Date.now() + 2 * HOUR });
    server().voidAccessTokens();
    const responses = await Promise.all(Array.from({ length: CALLS }, async () => authFetch(server().api)));
    expect(responses.filter(({ ok }) => ok)).toHaveLength(CALLS);
    expect(counted()).toEqual({ ...ONE_REFRESH, "GET /: 200": CALLS });
  });

  it("refreshes once, for the other 99, if the first call is aborted meanwhile", async () => {
    const controller = new AbortController();
    const authFetch = await loggedIn({}, async (input, init) => {
      if (urlOf(input).endsWith("/token")) controller.abort();
      return fetch(input, init);
    });
    server().voidAccessTokens();
    const first = authFetch(server().api, { signal: controller.signal });
    const rest = Array.from({ length: CALLS - 1 }, async () => authFetch(server().api));
    await expect(first).rejects.toThrow("abort");
    expect((await Promise.all(rest)).filter(({ ok }) => ok)).toHaveLength(CALLS - 1);
    expect(counted()).toEqual({ ...ONE_REFRESH, "GET /: 401": CALLS, "GET /: 200": CALLS - 1 });
  });

  it("uses each refresh token once, as long as it goes", async () => {
    const authFetch = await loggedIn();
    for (let count = 0; count < 5; count++) {
      server().voidAccessTokens();
      const calls = Array.from({ length: 10 }, async () => authFetch(server().api));
      expect((await Promise.all(calls)).filter(({ ok }) => ok)).toHaveLength(10);
    }
    expect(counted()).toMatchObject({ "POST /token refresh_token: 200": 5, "GET /: 200": 50 });
  });

  it("asks for a new login once, whoever waits, when somebody else has used the refresh token (RFC 9700 §4.14.2)", async () => {
    const { issuer } = server();
    const { access_token: accessToken, refresh_token: token } = await login(issuer);
    const onReauthorize = vi.fn<NonNullable<RefreshTokenOptions["onReauthorize"]>>();
    const options = { issuer, clientId: "cli", tokens: { accessToken, refreshToken: token } };
    const thief = refreshToken(options)(fetch);
    const authFetch = refreshToken({ ...options, onReauthorize })(fetch);
    server().voidAccessTokens();
    expect((await thief(server().api)).status).toBe(200);
    server().told();

    const calls = Array.from({ length: CALLS }, async () => authFetch(server().api).catch((error: unknown) => error));
    expect([...new Set(await Promise.all(calls))]).toEqual([
      expect.objectContaining({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE", error: "invalid_grant" }),
    ]);
    expect(onReauthorize).toHaveBeenCalledTimes(1);
    expect(counted()).toMatchObject({ "POST /token refresh_token: 400 invalid_grant": 1, "GET /: 401": CALLS });
    // The server has revoked all that came of the login.
    await expect(thief(server().api)).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("ends in the same way when the person has taken back what they allowed", async () => {
    const authFetch = await loggedIn();
    server().voidAccessTokens();
    server().voidRefreshTokens();
    await expect(authFetch(server().api)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" });
  });
});
