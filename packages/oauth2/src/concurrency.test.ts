import { describe, expect, it } from "vitest";
import { API, held, ISSUER, refusal, type Server, serving, settled, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import { clientCredentials, refreshToken, type RefreshTokenOptions } from "./index.ts";

const MANY = 100;
const many = <T>(make: (index: number) => T): T[] => Array.from({ length: MANY }, (_, index) => make(index));
const good = many(() => 200);
const statuses = async (calls: readonly Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(calls)).map(({ status }) => status);
const loggedIn = (server: Server, options: Partial<RefreshTokenOptions> = {}): typeof server =>
  refreshToken({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens: server.login(), ...options })(server);

describe("100 concurrent calls, and a refresh token that is good once", () => {
  it("make one token call for the first token", async () => {
    const server = serving();
    const authFetch = loggedIn(server);
    expect(await statuses(many(() => authFetch(API)))).toEqual(good);
    expect([server.forms.length, server.reused]).toEqual([1, 0]);
  });

  it("make one token call after 100 times 401, and all succeed", async () => {
    const server = serving();
    const authFetch = loggedIn(server);
    await authFetch(API);
    server.expire();
    expect(await statuses(many(() => authFetch(API)))).toEqual(good);
    expect(server.forms.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-1"]);
    expect(server.authorizations.slice(1)).toEqual([
      ...many(() => "Bearer access-1"),
      ...many(() => "Bearer access-2"),
    ]);
    expect(server.reused).toBe(0);
  });

  it("make one token call when the 401s come one after the other, before, while and after it is made", async () => {
    const answers = many(() => held<Response>());
    const fresh = held<undefined>();
    let asked = 0;
    let warm = false;
    const server = serving({
      onApi: (_, authorization) =>
        warm && authorization === "Bearer access-1" ? answers[asked++]?.promise : undefined,
      onToken: () => (warm ? fresh.promise : undefined),
    });
    const authFetch = loggedIn(server);
    await authFetch(API);
    warm = true;
    const calls = many(() => authFetch(API));
    await settled();
    for (const [index, answer] of answers.entries()) {
      answer.give(refusal());
      await settled();
      if (index === MANY / 2) fresh.give(undefined);
    }
    expect(await statuses(calls)).toEqual(good);
    expect([server.forms.length, server.reused]).toEqual([2, 0]);
  });

  it("make one token call, and meet no 401, when the expiry is known", async () => {
    let now = 0;
    const server = serving({ expiresIn: 60 });
    const authFetch = loggedIn(server, { now: () => now });
    await authFetch(API);
    now = 60_000;
    server.expire();
    expect(await statuses(many(() => authFetch(API)))).toEqual(good);
    expect(server.forms).toHaveLength(2);
    expect(server.authorizations).toEqual(["Bearer access-1", ...many(() => "Bearer access-2")]);
  });

  it("free the first one at once when it aborts, and the 99 others succeed with one token call", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const authFetch = loggedIn(server);
    const controller = new AbortController();
    const first = authFetch(API, { signal: controller.signal });
    const others = Array.from({ length: MANY - 1 }, () => authFetch(API));
    await settled();
    controller.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    answer.give(undefined);
    expect(await statuses(others)).toEqual(good.slice(1));
    expect(server.forms).toHaveLength(1);
  });

  it("finish the refresh for the next one, though all have left: its answer holds the only good refresh token", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const authFetch = loggedIn(server);
    const calls = many(() => authFetch(API, { signal: AbortSignal.abort(new Error("gone")) }));
    for (const call of calls) await expect(call).rejects.toThrow("gone");
    const controller = new AbortController();
    const call = authFetch(API, { signal: controller.signal });
    await settled();
    controller.abort(new Error("gone"));
    await expect(call).rejects.toThrow("gone");
    answer.give(undefined);
    await settled();
    expect((await authFetch(API)).status).toBe(200);
    expect([server.forms.length, server.reused]).toEqual([1, 0]);
  });

  it("get one typed error, the same, and `onReauthorize` is called once, when the refresh token is of no use", async () => {
    const server = serving();
    const told: unknown[] = [];
    const authFetch = loggedIn(server, { onReauthorize: (event) => void told.push(event) });
    server.revoke();
    const results = await Promise.allSettled(many(() => authFetch(API)));
    const reasons = new Set(results.map((result) => result.status === "rejected" && (result.reason as unknown)));
    const [reason] = reasons;
    expect(reasons.size).toBe(1);
    expect(reason).toMatchObject({
      name: "OAuth2Error",
      code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE",
      error: "invalid_grant",
      errorDescription: "it is of no use",
      status: 400,
    });
    expect(told).toEqual([{ grant: "refresh_token", error: reason }]);
    await expect(authFetch(API)).rejects.toBe(reason);
    expect(server.forms).toHaveLength(1);
  });
});

describe("the metadata of an issuer", () => {
  it("is looked up once, for 100 calls and for every token", async () => {
    const server = serving();
    const authFetch = clientCredentials({ issuer: ISSUER, clientId: "service", clientSecret: "s3cret" })(server);
    for (let round = 0; round < 3; round++) {
      expect(await statuses(many(() => authFetch(API)))).toEqual(good);
      server.expire();
    }
    expect(server.forms).toHaveLength(3);
    expect(server.lookedUp).toEqual(["/.well-known/openid-configuration"]);
  });
});
