import { exchangesOf, historyOf } from "@authflow/flow";
import { describe, expect, it, vi } from "vitest";
import { back, codeServer, login, optionsWith, REDIRECT_URI } from "../fixtures/code-login.ts";
import { authorizationCode, type AuthorizationCodeOptions, memoryStore } from "../index.ts";

const API = "https://api.example.com/";

describe("authorizationCode", () => {
  it("asks a person once for any number of calls, and uses what it got for the next ones", async () => {
    const server = codeServer();
    const authorize = vi.fn<(url: URL) => string>(back);
    const authFetch = authorizationCode(optionsWith(authorize))(server.fetch);
    const responses = await Promise.all(Array.from({ length: 100 }, () => authFetch(API)));
    await authFetch(API);
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(authorize).toHaveBeenCalledTimes(1);
    expect(server.forms).toHaveLength(1);
    expect(new Set(server.tokens)).toEqual(new Set(["Bearer t1"]));
  });

  it("refreshes without asking anybody, and asks again once the refresh token is refused (RFC 6749 §6)", async () => {
    const grants: (string | null)[] = [];
    const server = codeServer({}, (number, form) => {
      grants.push(form.get("grant_type"));
      if (number === 3) return Response.json({ error: "invalid_grant" }, { status: 400 });
      return { refresh_token: `r${number}`, expires_in: 0 };
    });
    const authorize = vi.fn<(url: URL) => string>(back);
    const onReauthorize = vi.fn<NonNullable<AuthorizationCodeOptions["onReauthorize"]>>();
    const authFetch = authorizationCode(optionsWith(authorize, { onReauthorize }))(server.fetch);
    for (let count = 0; count < 3; count++) await authFetch(API);
    expect(grants).toEqual(["authorization_code", "refresh_token", "refresh_token", "authorization_code"]);
    expect(server.forms.map((form) => form.get("refresh_token"))).toEqual([null, "r1", "r2", null]);
    expect(authorize).toHaveBeenCalledTimes(2);
    expect(onReauthorize.mock.calls).toEqual([
      [{ grant: "authorization_code", error: expect.objectContaining({ error: "invalid_grant" }) as unknown }],
    ]);
  });

  it("asks nobody as long as the access token works, also when the refresh token is refused before it ends", async () => {
    const refused = (): Response => Response.json({ error: "invalid_grant" }, { status: 400 });
    const server = codeServer({}, (number) => (number === 2 ? refused() : { refresh_token: "r1", expires_in: 3600 }));
    const authorize = vi.fn<(url: URL) => string>(back);
    const onReauthorize = vi.fn<NonNullable<AuthorizationCodeOptions["onReauthorize"]>>();
    let seconds = 0;
    const now = (): number => 1e12 + seconds * 1000;
    const authFetch = authorizationCode(optionsWith(authorize, { now, onReauthorize, backOff: 0 }))(server.fetch);
    for (seconds of [0, 3580, 3599]) await authFetch(API);
    await vi.waitFor(() => expect(onReauthorize).toHaveBeenCalledTimes(1));
    expect([authorize.mock.calls.length, server.tokens]).toEqual([1, ["Bearer t1", "Bearer t1", "Bearer t1"]]);
    seconds = 3600;
    await authFetch(API);
    expect(authorize).toHaveBeenCalledTimes(2);
  });

  it("asks nobody where the tokens of the same login are stored", async () => {
    const store = memoryStore();
    const server = codeServer({}, () => ({ refresh_token: "r1" }));
    await authorizationCode(optionsWith(back, { store }))(server.fetch)(API);
    const authorize = vi.fn<(url: URL) => string>(back);
    await authorizationCode(optionsWith(authorize, { store }))(server.fetch)(API);
    expect(authorize).not.toHaveBeenCalled();
    await authorizationCode(optionsWith(authorize, { store, authorizationParameters: { login_hint: "olivia" } }))(
      server.fetch,
    )(API);
    expect(authorize).toHaveBeenCalledTimes(1);
    expect(server.tokens).toEqual(["Bearer t1", "Bearer t1", "Bearer t2"]);
  });

  it("leaves a person more time than an endpoint has", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    try {
      const authorize = async (url: URL): Promise<string> => {
        await vi.advanceTimersByTimeAsync(3_600_000);
        return back(url);
      };
      const server = codeServer();
      const response = await authorizationCode(optionsWith(authorize, { timeLimit: 10 }))(server.fetch)(API);
      expect(response.status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it("goes by its options as they were when it was made", async () => {
    const options = { ...optionsWith(back), scope: "read" };
    const authFetch = authorizationCode(options)(codeServer().fetch);
    Object.assign(options, { scope: "write", authorize: () => Promise.reject(new Error("another one")) });
    expect((await authFetch(API)).status).toBe(200);
  });

  it("sends a code once, also where the server takes its time (RFC 6749 §4.1.2)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    try {
      const server = codeServer({}, async () => {
        await vi.advanceTimersByTimeAsync(9000);
        return {};
      });
      expect((await authorizationCode(optionsWith(back))(server.fetch)(API)).status).toBe(200);
      expect(server.forms).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("lets a call go that is aborted, and the login on for the others", async () => {
    const server = codeServer();
    const controller = new AbortController();
    const reason = new Error("never mind");
    let first: Promise<Response> | undefined;
    let asked = 0;
    const authorize = async (url: URL): Promise<string> => {
      asked++;
      controller.abort(reason);
      await expect(first).rejects.toBe(reason);
      return back(url);
    };
    const authFetch = authorizationCode(optionsWith(authorize))(server.fetch);
    first = authFetch(API, { signal: controller.signal });
    const second = authFetch(API);
    await expect(first).rejects.toBe(reason);
    expect((await second).status).toBe(200);
    expect(asked).toBe(1);
  });

  it("ends the login when nobody waits for it any more", async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const authFetch = authorizationCode({
      ...optionsWith(back),
      authorize: (urlFor, { signal }) => {
        urlFor(REDIRECT_URI);
        given = signal;
        controller.abort();
        return new Promise(() => {});
      },
    })(codeServer().fetch);
    await expect(authFetch(API, { signal: controller.signal })).rejects.toThrow("abort");
    await vi.waitFor(() => expect(given?.aborted).toBe(true));
  });

  it("passes on what `authorize` throws, and asks again at the next call", async () => {
    const authorize = vi.fn<(url: URL) => string>(back).mockImplementationOnce(() => {
      throw new Error("no browser");
    });
    const authFetch = authorizationCode(optionsWith(authorize, { backOff: 0 }))(codeServer().fetch);
    await expect(authFetch(API)).rejects.toThrow("no browser");
    expect((await authFetch(API)).status).toBe(200);
  });

  it("says so if `authorize` didn't ask for the URL", async () => {
    const options = { ...optionsWith(back), authorize: async () => REDIRECT_URI };
    await expect(authorizationCode(options)(codeServer().fetch)(API)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
      message: expect.stringContaining("without having asked for the URL") as string,
    });
  });

  it("takes the redirect URI of the last URL that was asked for", async () => {
    const server = codeServer();
    const authorize: AuthorizationCodeOptions["authorize"] = async (urlFor) => {
      urlFor("https://app.example.com/first");
      return back(urlFor(new URL("https://app.example.com/second")));
    };
    await authorizationCode({ ...optionsWith(back), authorize })(server.fetch)(API);
    expect(server.forms[0]?.get("redirect_uri")).toBe("https://app.example.com/second");
  });

  it("fails with what the token endpoint says of the code, which nobody tries again", async () => {
    const server = codeServer({}, () => Response.json({ error: "invalid_grant" }, { status: 400 }));
    await expect(login(server)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE",
      error: "invalid_grant",
    });
    expect(server.forms).toHaveLength(1);
  });

  it("shows its requests as side requests, and no code and no verifier in them", async () => {
    const server = codeServer();
    const response = await authorizationCode(optionsWith(back))(server.fetch)(API);
    expect(historyOf(response)).toEqual([]);
    const all = exchangesOf(response);
    expect(all.map(({ side, request }) => `${side} ${request.url}`)).toEqual([
      "true https://auth.example.com/.well-known/openid-configuration",
      "true https://auth.example.com/token",
      `false ${API}`,
    ]);
    const shown = JSON.stringify(all.map(({ request }) => [request.url, ...request.headers]));
    expect(shown).not.toContain("the-code");
    expect(shown).not.toContain(server.forms[0]?.get("code_verifier"));
    expect(shown).not.toContain("t1");
  });

  it.each([
    ["no `authorize`", "`authorize` is a function", { authorize: undefined }],
    ["an endpoint that is none", "is no http(s) URL", { authorizationEndpoint: "/authorize" }],
    ["no client", "`clientId` is no text", { clientId: "" }],
  ])("refuses %s", (_, message, wrong) => {
    const options = { ...optionsWith(back), ...wrong } as unknown as AuthorizationCodeOptions;
    expect(() => authorizationCode(options)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
