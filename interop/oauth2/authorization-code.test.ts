import { authorizationCode, type AuthorizationCodeOptions } from "@authflow/oauth2";
import { loopback } from "@authflow/oauth2/loopback";
import { describe, expect, it, vi } from "vitest";
import { Browser } from "./server/browser.ts";
import { USER } from "./server/interactions.ts";
import { startedServer } from "./started-server.ts";

const server = startedServer();

/** A command-line program, whose user has a browser. */
function program(more: Partial<AuthorizationCodeOptions> = {}): typeof fetch {
  const browser = new Browser();
  return authorizationCode({
    issuer: server().issuer,
    clientId: "cli",
    scope: "openid offline_access read",
    authorizationParameters: { prompt: "consent" }, // without which there is no offline_access (OpenID Connect Core §11)
    authorize: loopback({ open: async (url) => (await fetch(await browser.authorize(url))).text() }),
    ...more,
  })(fetch);
}

const requests = (): string[] =>
  server()
    .told()
    .filter((line) => /token|GET \/:/.test(line));

describe("authorization code of oidc-provider, with a browser that has no window", () => {
  it("logs a person in by way of a loopback listener (RFC 8252 §7.3), once", async () => {
    const authFetch = program();
    const [response] = await Promise.all(Array.from({ length: 20 }, async () => authFetch(server().api)));
    expect(await response?.json()).toEqual({ client: "cli", user: USER, scope: "openid offline_access read" });
    expect(requests()).toEqual(["POST /token authorization_code: 200", ...Array<string>(20).fill("GET /: 200")]);
  });

  it("refreshes what it got, with another refresh token each time (RFC 9700 §4.14.2)", async () => {
    const authorize = vi.fn<AuthorizationCodeOptions["authorize"]>(
      loopback({ open: async (url) => fetch(await new Browser().authorize(url)) }),
    );
    const authFetch = program({ authorize });
    for (let count = 0; count < 3; count++) {
      expect((await authFetch(server().api)).status).toBe(200);
      server().voidAccessTokens();
    }
    expect(authorize).toHaveBeenCalledTimes(1);
    expect(requests()).toEqual([
      "POST /token authorization_code: 200",
      "GET /: 200",
      "GET /: 401",
      "POST /token refresh_token: 200",
      "GET /: 200",
      "GET /: 401",
      "POST /token refresh_token: 200",
      "GET /: 200",
    ]);
  });

  it("refreshes what was allowed, where that is less than was asked for (RFC 6749 §6)", async () => {
    const authFetch = program({ authorizationParameters: {} });
    expect(await (await authFetch(server().api)).json()).toMatchObject({ scope: "openid read" });
    server().voidAccessTokens();
    expect(await (await authFetch(server().api)).json()).toMatchObject({ scope: "openid read" });
  });

  it("tells of the person's refusal (RFC 6749 §4.1.2.1)", async () => {
    server().settings.consents = false;
    await expect(program()(server().api)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      error: "access_denied",
      errorDescription: "The user said no",
    });
    expect(requests()).toEqual([]);
  });

  it("takes no code that was meant for another login (RFC 6749 §10.12)", async () => {
    const stolen: string[] = [];
    const authorize: AuthorizationCodeOptions["authorize"] = async (urlFor) => {
      const back = await new Browser().authorize(urlFor("http://127.0.0.1/callback"));
      stolen.push(back);
      return stolen[0] ?? back;
    };
    expect((await program({ authorize })(server().api)).status).toBe(200);
    await expect(program({ authorize })(server().api)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
    });
  });

  it("can't use a code without its verifier (RFC 7636 §4.6)", async () => {
    let code = "";
    const authorize: AuthorizationCodeOptions["authorize"] = async (urlFor) => {
      const back = new URL(await new Browser().authorize(urlFor("http://127.0.0.1/callback")));
      code = back.searchParams.get("code") ?? "";
      throw new Error("The browser was closed.");
    };
    await expect(program({ authorize })(server().api)).rejects.toThrow("The browser was closed.");
    const injecting: AuthorizationCodeOptions["authorize"] = async (urlFor) => {
      const back = new URL(await new Browser().authorize(urlFor("http://127.0.0.1/callback")));
      back.searchParams.set("code", code);
      return back;
    };
    await expect(program({ authorize: injecting })(server().api)).rejects.toMatchObject({ error: "invalid_grant" });
  });
});
