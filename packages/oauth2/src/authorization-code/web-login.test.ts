import { describe, expect, it } from "vitest";
import { back, codeServer, ISSUER, METADATA } from "../fixtures/code-login.ts";
import { refreshToken, webLogin, type WebLogin, type WebLoginOptions } from "../index.ts";

const REDIRECT_URI = "https://app.example.com/callback";

function loginAt(server: ReturnType<typeof codeServer>, more: Partial<WebLoginOptions> = {}): WebLogin {
  return webLogin({ issuer: ISSUER, clientId: "app", redirectUri: REDIRECT_URI, fetch: server.fetch, ...more });
}

describe("webLogin", () => {
  it("begins with one request and ends with another (RFC 6749 §4.1), with plain data in between", async () => {
    const server = codeServer({}, () => ({ refresh_token: "r1" }));
    const session = JSON.stringify(await loginAt(server).begin());
    const pending = JSON.parse(session) as Awaited<ReturnType<WebLogin["begin"]>>;
    const { searchParams } = new URL(pending.url);
    expect(searchParams.get("redirect_uri")).toBe(REDIRECT_URI);
    expect(searchParams.get("state")).toBe(pending.state);
    expect(pending.url).not.toContain(pending.codeVerifier);

    // Another process may go on.
    const tokens = await loginAt(server).finish(pending, back(new URL(pending.url)));
    expect(tokens).toMatchObject({ accessToken: "t1", refreshToken: "r1" });
    expect(server.forms[0]?.get("code_verifier")).toBe(pending.codeVerifier);
    expect(server.forms[0]?.get("redirect_uri")).toBe(REDIRECT_URI);
  });

  it("gives tokens that refreshToken takes", async () => {
    const server = codeServer({}, () => ({ refresh_token: "r1" }));
    const login = loginAt(server);
    const pending = await login.begin();
    const { refreshToken: token = "", ...tokens } = await login.finish(pending, back(new URL(pending.url)));
    const scheme = refreshToken({ issuer: ISSUER, clientId: "app", tokens: { ...tokens, refreshToken: token } });
    await scheme(server.fetch)("https://api.example.com/");
    expect(server.tokens).toEqual(["Bearer t1"]);
  });

  it("exchanges nothing that comes back to the session of somebody else (RFC 6749 §10.12)", async () => {
    const server = codeServer();
    const login = loginAt(server);
    const [mine, theirs] = [await login.begin(), await login.begin()];
    await expect(login.finish(mine, back(new URL(theirs.url)))).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
    });
    expect(server.forms).toEqual([]);
  });

  it.each([
    ["there is nothing", () => undefined],
    ["there is something else", () => ({})],
    ["there is no state", (pending: object) => ({ ...pending, state: undefined })],
    ["there is an empty state", (pending: object) => ({ ...pending, state: "" })],
    ["there is no verifier", (pending: object) => ({ ...pending, codeVerifier: undefined })],
  ])("exchanges nothing that comes back to a session in which %s", async (_, session) => {
    const server = codeServer();
    const login = loginAt(server);
    const pending = session(await login.begin()) as Awaited<ReturnType<WebLogin["begin"]>>;
    await expect(login.finish(pending, `${REDIRECT_URI}?code=of-somebody-else`)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
      message: expect.stringContaining("no login was begun") as string,
    });
    expect(server.forms).toEqual([]);
  });

  it("looks the endpoints up once for all logins", async () => {
    let asked = 0;
    const server = codeServer();
    const login = loginAt(server, {
      fetch: async (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        if (url.includes("/.well-known/")) asked++;
        return server.fetch(input, init);
      },
    });
    for (const pending of [await login.begin(), await login.begin()]) {
      await login.finish(pending, back(new URL(pending.url)));
    }
    expect(asked).toBe(1);
  });

  it("needs no metadata where the endpoints are given", async () => {
    const { authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint } = METADATA;
    const login = loginAt(codeServer(), { issuer: undefined, authorizationEndpoint, tokenEndpoint });
    const pending = await login.begin();
    expect(await login.finish(pending, back(new URL(pending.url)))).toMatchObject({ accessToken: "t1" });
  });

  it.each([
    ["no redirect URI", "`redirectUri` is no URL", { redirectUri: undefined }],
    ["half a redirect URI", "`redirectUri` is no URL", { redirectUri: "/callback" }],
    ["no client", "`clientId` is no text", { clientId: "" }],
  ])("refuses %s", (_, message, wrong) => {
    expect(() => loginAt(codeServer(), wrong as unknown as Partial<WebLoginOptions>)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
