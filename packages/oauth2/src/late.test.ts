import type { Scheme } from "@authflow/flow";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  API,
  held,
  ISSUER,
  json,
  type Server,
  serving,
  settled,
  TOKEN_ENDPOINT,
  type ServiceOptions,
} from "./fixtures/server.ts";
import {
  authorizationCode,
  type AuthorizationCodeOptions,
  clientCredentials,
  memoryStore,
  refreshToken,
  type RefreshTokenOptions,
  revoke,
  type StoreBackend,
  tokenStore,
  webLogin,
} from "./index.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const loginScheme = (server: Server, options: Partial<RefreshTokenOptions> = {}): Scheme =>
  refreshToken({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens: server.login(), backOff: 0, ...options });

const login = (server: Server, options?: Partial<RefreshTokenOptions>): typeof server =>
  loginScheme(server, options)(server);

const revocable = (server: Server): Scheme =>
  loginScheme(server, { revocationEndpoint: "https://auth.example/revoke" });

/** What becomes of a call when that much time goes by. */
async function after(milliseconds: number, call: Promise<Response>): Promise<unknown> {
  let result: unknown;
  void call.then(
    ({ status }) => (result = status),
    (error: unknown) => (result = error),
  );
  for (let step = 0; step < 5; step++) {
    await vi.advanceTimersByTimeAsync(milliseconds / 5);
    await settled();
  }
  return result;
}
/** Waits for what isn't done by the clock, such as hashes. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await settled();
}
const ok = async (call: Promise<Response>): Promise<void> => expect((await call).status).toBe(200);
const UNAVAILABLE = expect.objectContaining({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" }) as unknown;
const REAUTHORIZE = expect.objectContaining({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" }) as unknown;

describe("a refresh whose answer comes after the time limit (RFC 9700 §4.14: a refresh token is good once)", () => {
  it("fails those who wait at the limit, and is kept when it comes: the next call has its tokens", async () => {
    const answer = held<undefined>();
    const told: unknown[] = [];
    const server = serving({ onToken: () => answer.promise });
    const authFetch = login(server, {
      onFailed: ({ recovered }) => void told.push(recovered),
      onRefreshed: ({ refreshed }) => void told.push({ refreshed }),
    });
    expect(await after(10_000, authFetch(API))).toEqual(UNAVAILABLE);
    answer.give(undefined);
    await settled();
    await ok(authFetch(API));
    expect([server.forms.length, server.reused, told]).toEqual([1, 0, [false, { refreshed: true }]]);
  });

  it("is waited for by later calls, each within its own time limit, and nobody spends the same token", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const authFetch = login(server);
    expect(await after(10_000, authFetch(API))).toEqual(UNAVAILABLE);
    expect(await after(10_000, authFetch(API))).toEqual(UNAVAILABLE);
    const call = authFetch(API);
    expect(await after(5000, call)).toBeUndefined();
    answer.give(undefined);
    await ok(call);
    expect([server.forms.length, server.reused]).toEqual([1, 0]);
  });

  it("is told of once, however many calls wait for it in vain", async () => {
    const failures: unknown[] = [];
    const server = serving({ onToken: () => new Promise(() => {}) });
    const authFetch = login(server, { onFailed: ({ error }) => void failures.push(error) });
    for (let call = 0; call < 3; call++) expect(await after(10_000, authFetch(API))).toEqual(UNAVAILABLE);
    expect(failures).toEqual([UNAVAILABLE]);
  });

  it("that is `invalid_grant`: all are told the same, and once", async () => {
    const answer = held<Response>();
    const told: unknown[] = [];
    const server = serving({ onToken: () => answer.promise });
    const authFetch = login(server, { onReauthorize: ({ error }) => void told.push(error.error) });
    expect(await after(10_000, authFetch(API))).toEqual(UNAVAILABLE);
    const call = authFetch(API);
    answer.give(json({ error: "invalid_grant" }, 400));
    expect(await after(0, call)).toEqual(REAUTHORIZE);
    expect(await after(0, authFetch(API))).toEqual(REAUTHORIZE);
    expect([server.forms.length, told]).toEqual([1, ["invalid_grant"]]);
  });

  it("that never comes: after a minute the token is tried again, as nothing is known", async () => {
    const server = serving({ onToken: (_, count) => (count === 1 ? new Promise(() => {}) : undefined) });
    const authFetch = login(server);
    expect(await after(10_000, authFetch(API))).toEqual(UNAVAILABLE);
    const call = authFetch(API);
    await after(9000, call);
    expect(server.forms).toHaveLength(1);
    await after(60_000, call);
    await ok(authFetch(API));
    expect(server.forms).toHaveLength(2);
  });

  it("keeps the lock of the store: other schemes spend nothing meanwhile, and find its tokens there", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const store = memoryStore({ key: "mine" });
    const [one, other] = [login(server, { store }), login(server, { store })];
    const first = one(API);
    await until(() => server.forms.length === 1);
    expect(await after(10_000, first)).toEqual(UNAVAILABLE);
    const call = other(API);
    await after(5000, call);
    expect(server.forms).toHaveLength(1);
    answer.give(undefined);
    await ok(call);
    expect([server.forms.length, server.reused]).toEqual([1, 0]);
  });

  it("is waited for by later calls of the same scheme with a store, too, which needn't ask for the lock", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const authFetch = login(server, { store: memoryStore({ key: "mine" }) });
    const first = authFetch(API);
    await until(() => server.forms.length === 1);
    expect(await after(10_000, first)).toEqual(UNAVAILABLE);
    const call = authFetch(API);
    expect(await after(9900, call)).toBeUndefined(); // the lock isn't waited for so long
    answer.give(undefined);
    await ok(call);
    expect([server.forms.length, server.reused]).toEqual([1, 0]);
  });

  it("is waited for by `revoke`: what it brings is revoked", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const scheme = revocable(server);
    expect(await after(10_000, scheme(server)(API))).toEqual(UNAVAILABLE);
    const bodies: string[] = [];
    const revoked = revoke(scheme, async (input, init) => {
      bodies.push(await new Request(input, init).text());
      return new Response();
    });
    answer.give(undefined);
    await settled();
    await revoked;
    expect(bodies).toEqual([expect.stringMatching(/token=refresh-1&/)]);
  });
});

describe("a refresh whose answer comes after `revoke` has waited for it in vain", () => {
  it("brings tokens that nobody keeps", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const scheme = revocable(server);
    expect(await after(10_000, scheme(server)(API))).toEqual(UNAVAILABLE);
    let isRevoked = false;
    const revoked = revoke(scheme, async () => new Response()).then(() => (isRevoked = true));
    await after(9000, scheme(server)(API));
    expect(isRevoked).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    await revoked;
    answer.give(undefined);
    await settled();
    expect(await after(0, scheme(server)(API))).toEqual(REAUTHORIZE);
    expect([server.forms.length, server.authorizations]).toEqual([1, []]);
  });
});

describe("a call that waits for a refresh while `revoke` does so in vain", () => {
  it("doesn't bring back the login that was given up", async () => {
    const answer = held<undefined>();
    const server = serving({ onToken: () => answer.promise });
    const scheme = revocable(server);
    const first = scheme(server)(API);
    first.catch(() => {});
    await until(() => server.forms.length === 1);
    const revoked = revoke(scheme, async () => new Response());
    await vi.advanceTimersByTimeAsync(1000);
    const second = scheme(server)(API);
    second.catch(() => {});
    await vi.advanceTimersByTimeAsync(9000);
    await expect(first).rejects.toEqual(UNAVAILABLE);
    await revoked;
    answer.give(undefined);
    await expect(second).rejects.toEqual(REAUTHORIZE);
    await expect(scheme(server)(API)).rejects.toEqual(REAUTHORIZE);
    expect([server.forms.length, server.authorizations]).toEqual([1, []]);
  });
});

describe("a call that comes while others have left", () => {
  it("has no more than its own time limit, though it waits for what they began first", async () => {
    const server = serving({ onToken: () => new Promise(() => {}) });
    const authFetch = clientCredentials({
      tokenEndpoint: TOKEN_ENDPOINT,
      clientId: "app",
      clientSecret: "s3cret",
      timeLimit: 1000,
    })(server);
    const controller = new AbortController();
    const first = authFetch(API, { signal: controller.signal });
    await after(100, first);
    controller.abort(new Error("gone"));
    await expect(first).rejects.toThrow("gone");
    await settled();
    expect(await after(1050, authFetch(API))).toEqual(UNAVAILABLE);
  });
});

describe("a request that the runtime stopped with the call that began it, as Workers do", () => {
  it("holds no call that comes after its time limit", async () => {
    const server = serving({ onToken: (_, count) => (count === 1 ? new Promise(() => {}) : undefined) });
    const authFetch = clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: "s3cret" })(
      server,
    );
    void authFetch(API).catch(() => {});
    await until(() => server.forms.length === 1);
    vi.clearAllTimers();
    await vi.advanceTimersByTimeAsync(10_001);
    await ok(authFetch(API));
    expect(server.forms).toHaveLength(2);
  });

  it("holds nobody either where it looked up the metadata", async () => {
    let asked = 0;
    const server = serving();
    const network: typeof fetch = (input, init) =>
      new Request(input, init).url.includes(".well-known") && ++asked === 1
        ? new Promise(() => {})
        : server(input, init);
    const authFetch = clientCredentials({ issuer: ISSUER, clientId: "app", clientSecret: "s3cret" })(network);
    void authFetch(API).catch(() => {});
    await until(() => asked === 1);
    vi.clearAllTimers();
    await vi.advanceTimersByTimeAsync(10_001);
    expect(await after(100, authFetch(API))).toBe(200);
    expect(asked).toBe(2);
  });

  it("holds no login of a web application either, which has no call's time limit", async () => {
    let asked = 0;
    const application = webLogin({
      issuer: ISSUER,
      clientId: "app",
      redirectUri: "https://app.example/",
      fetch: async () =>
        ++asked === 1
          ? new Promise<Response>(() => {})
          : json({
              issuer: ISSUER,
              authorization_endpoint: `${ISSUER}/authorize`,
              token_endpoint: TOKEN_ENDPOINT,
              code_challenge_methods_supported: ["S256"],
            }),
    });
    void application.begin().catch(() => {});
    await until(() => asked === 1);
    vi.clearAllTimers();
    const second = application.begin();
    second.catch(() => {});
    await vi.advanceTimersByTimeAsync(10_001);
    await expect(second).rejects.toEqual(UNAVAILABLE);
    expect((await application.begin()).url).toContain("/authorize?");
    expect(asked).toBe(2);
  });

  it("doesn't keep the next one from being made in the background while the token is good", async () => {
    const server = serving({
      expiresIn: 600,
      onToken: (_, count) => (count === 2 ? new Promise(() => {}) : undefined),
    });
    const authFetch = clientCredentials({
      tokenEndpoint: TOKEN_ENDPOINT,
      clientId: "app",
      clientSecret: "s3cret",
      now: () => performance.now(),
      random: () => 1,
    })(server);
    await ok(authFetch(API));
    await vi.advanceTimersByTimeAsync(545_000);
    await ok(authFetch(API));
    await until(() => server.forms.length === 2);
    vi.clearAllTimers(); // which sets the clock back, too
    await vi.advanceTimersByTimeAsync(555_001);
    await ok(authFetch(API));
    for (let turn = 0; turn < 10; turn++) await settled();
    expect(server.forms).toHaveLength(3);
  });

  it("is given up after a minute if it spent a refresh token", async () => {
    const server = serving({ onToken: (_, count) => (count === 1 ? new Promise(() => {}) : undefined) });
    const authFetch = login(server);
    void authFetch(API).catch(() => {});
    await until(() => server.forms.length === 1);
    vi.clearAllTimers();
    await vi.advanceTimersByTimeAsync(69_000);
    const call = authFetch(API);
    await after(500, call);
    expect(server.forms).toHaveLength(1);
    await after(9500, call);
    await ok(authFetch(API));
    expect(server.forms).toHaveLength(2);
  });
});

describe("after a failure", () => {
  const service = (server: Server, options: ServiceOptions = {}): typeof server =>
    clientCredentials({
      tokenEndpoint: TOKEN_ENDPOINT,
      clientId: "app",
      clientSecret: "s3cret",
      timeLimit: 1000,
      ...options,
    })(server);

  it("a server is left alone for as long as its Retry-After says, though that is longer than the time limit", async () => {
    const server = serving({
      onToken: (_, count) => (count === 1 ? json({}, 503, { "retry-after": "60" }) : undefined),
    });
    const authFetch = service(server);
    expect(await after(0, authFetch(API))).toEqual(UNAVAILABLE);
    expect(await after(59_000, authFetch(API))).toEqual(UNAVAILABLE);
    expect(server.forms).toHaveLength(1);
    await after(1000, authFetch(API));
    await ok(authFetch(API));
  });

  it("a Retry-After of a day counts for five minutes", async () => {
    const server = serving({
      onToken: (_, count) => (count === 1 ? json({}, 503, { "retry-after": "86400" }) : undefined),
    });
    const authFetch = service(server);
    expect(await after(0, authFetch(API))).toEqual(UNAVAILABLE);
    await vi.advanceTimersByTimeAsync(300_000);
    await ok(authFetch(API));
  });
});

describe("a login of a person", () => {
  const person = (authorize: AuthorizationCodeOptions["authorize"]): AuthorizationCodeOptions => ({
    tokenEndpoint: TOKEN_ENDPOINT,
    authorizationEndpoint: "https://auth.example/authorize",
    clientId: "app",
    timeLimit: 1000,
    authorize,
  });
  const back = (urlFor: (redirectUri: string) => URL): string =>
    `https://app.example/?code=c&state=${urlFor("https://app.example/").searchParams.get("state")}`;

  it("that nobody waits for any more holds no later call, though `authorize` doesn't heed its signal", async () => {
    let asked = 0;
    const authFetch = authorizationCode(
      person((urlFor) => {
        const url = back(urlFor);
        return ++asked === 1 ? new Promise(() => {}) : Promise.resolve(url);
      }),
    )(serving());
    const controller = new AbortController();
    const first = authFetch(API, { signal: controller.signal });
    await until(() => asked === 1);
    controller.abort(new Error("gone"));
    await expect(first).rejects.toThrow("gone");
    await settled();
    await ok(authFetch(API));
    expect(asked).toBe(2);
  });

  it("has a time limit for its code, whose exchange goes on: the next call has what it brings, and nobody is asked", async () => {
    const answer = held<undefined>();
    let asked = 0;
    const told: unknown[] = [];
    const server = serving({ onToken: () => answer.promise });
    const options = person((urlFor) => {
      asked++;
      return Promise.resolve(back(urlFor));
    });
    const onFailed = ({ error }: { readonly error: unknown }): void => void told.push(error);
    const authFetch = authorizationCode({ ...options, backOff: 0, onFailed })(server);
    const first = authFetch(API);
    await until(() => server.forms.length === 1);
    expect(await after(1000, first)).toEqual(UNAVAILABLE);
    const later = authFetch(API);
    await after(500, later);
    answer.give(undefined);
    await ok(later);
    expect([asked, server.forms.length, told]).toEqual([1, 1, [UNAVAILABLE]]);
  });

  it("that failed isn't asked for again for a second: the calls get what came of it", async () => {
    let asked = 0;
    const told: string[] = [];
    const server = serving({
      onToken: (_, count) => (count === 1 ? json({ error: "invalid_grant" }, 400) : undefined),
    });
    const options = person((urlFor) => {
      asked++;
      return Promise.resolve(back(urlFor));
    });
    const onFailed = (): void => void told.push("failed");
    const onReauthorize = (): void => void told.push("reauthorize");
    const authFetch = authorizationCode({ ...options, onFailed, onReauthorize })(server);
    for (let call = 0; call < 2; call++) {
      await expect(authFetch(API)).rejects.toMatchObject({ error: "invalid_grant" });
    }
    await settled();
    expect([asked, server.forms.length, told.toSorted()]).toEqual([1, 1, ["failed", "reauthorize"]]);
    await vi.advanceTimersByTimeAsync(1000);
    await ok(authFetch(API));
    expect(asked).toBe(2);
  });

  it("counts from when they said yes, also for calls that have just found no tokens in the store", async () => {
    const [yes, released] = [held<undefined>(), held<undefined>()];
    let asked = 0;
    let isLast = false;
    let isReleasing = false;
    const store = tokenStore({
      get: async () => undefined,
      compareAndSet: async () => true,
      lock: async () => ({
        async release() {
          isReleasing = isLast;
          if (isLast) await released.promise;
        },
      }),
    });
    const options = person(async (urlFor) => {
      asked++;
      const url = back(urlFor);
      await yes.promise;
      return url;
    });
    const server = serving();
    const authFetch = authorizationCode({ ...options, store })(server);
    const first = authFetch(API);
    await until(() => asked === 1);
    await vi.advanceTimersByTimeAsync(1000); // the back-off is over, so that the next one looks again
    isLast = true;
    const second = authFetch(API);
    await until(() => isReleasing);
    yes.give(undefined);
    await settled();
    released.give(undefined);
    await Promise.all([ok(first), ok(second)]);
    expect([asked, server.forms.length]).toEqual([1, 1]);
  });

  it("isn't for nothing if the store fails then: the next call takes what they allowed, and asks nobody", async () => {
    let asked = 0;
    let isDown = false;
    const texts = new Map<string, string>();
    const store = tokenStore({
      async get(key) {
        if (isDown) throw new Error("no database");
        return texts.get(key);
      },
      compareAndSet: async (key, _expected, next = "") => Boolean(texts.set(key, next)),
      lock: async () => ({ release: async () => {} }),
    });
    const options = person(async (urlFor) => {
      asked++;
      isDown = true;
      return back(urlFor);
    });
    const server = serving();
    const authFetch = authorizationCode({ ...options, store, backOff: 0 })(server);
    await expect(authFetch(API)).rejects.toThrow("no database");
    isDown = false;
    await ok(authFetch(API));
    expect([asked, server.forms.length]).toEqual([1, 1]);
  });

  it("is of no use any more where another process got tokens meanwhile: when those end, the person is asked anew", async () => {
    const server = serving({
      onToken: (form) =>
        form.get("grant_type") === "refresh_token" ? json({ error: "invalid_grant" }, 400) : undefined,
    });
    const texts = new Map<string, string>();
    const backend: StoreBackend = {
      get: async (key) => texts.get(key),
      compareAndSet: async (key, _expected, next = "") => Boolean(texts.set(key, next)),
      lock: async () => ({ release: async () => {} }),
    };
    const codes: string[] = [];
    const options = person(async (urlFor) => {
      const code = `c${codes.push("asked")}`;
      if (code === "c1")
        await ok(authorizationCode({ ...others, store: tokenStore(backend, { key: "k" }) })(server)(API));
      return back(urlFor).replace("code=c", `code=${code}`);
    });
    const others = person((urlFor) => Promise.resolve(back(urlFor).replace("code=c", "code=other")));
    const authFetch = authorizationCode({ ...options, store: tokenStore(backend, { key: "k" }) })(server);
    await ok(authFetch(API));
    server.expire();
    await ok(authFetch(API));
    expect(server.forms.map((form) => form.get("code"))).toEqual(["other", "c2"]);
  });

  it("that waits for a store which failed is given up by `revoke`, too", async () => {
    let asked = 0;
    let isDown = false;
    const store = tokenStore({
      async get() {
        if (isDown) throw new Error("no database");
        return undefined;
      },
      compareAndSet: async () => true,
      lock: async () => ({ release: async () => {} }),
    });
    const options = person(async (urlFor) => {
      asked++;
      isDown = asked === 1;
      return back(urlFor);
    });
    const scheme = authorizationCode({ ...options, store, backOff: 0 });
    const server = serving();
    await expect(scheme(server)(API)).rejects.toThrow("no database");
    isDown = false;
    await revoke(scheme);
    await ok(scheme(server)(API));
    expect([asked, server.forms.length]).toEqual([2, 1]);
  });

  it("is given up by `revoke`: those who wait for it are told, and what comes of it is not kept", async () => {
    const answers: (() => void)[] = [];
    const server = serving();
    const scheme = authorizationCode(
      person((urlFor) => {
        const url = back(urlFor);
        const answer = held<string>();
        answers.push(() => answer.give(url));
        return answer.promise;
      }),
    );
    const call = scheme(server)(API);
    await until(() => answers.length === 1);
    const told = after(0, call);
    await revoke(scheme);
    expect(await told).toEqual(REAUTHORIZE);
    answers[0]?.();
    await settled();
    const next = scheme(server)(API);
    await until(() => answers.length === 2);
    answers[1]?.();
    await ok(next);
  });

  it("is given up by `revoke`, also when its code is being exchanged", async () => {
    const answer = held<undefined>();
    let asked = 0;
    const server = serving({ onToken: (_, count) => (count === 1 ? answer.promise : undefined) });
    const scheme = authorizationCode(
      person((urlFor) => {
        asked++;
        return Promise.resolve(back(urlFor));
      }),
    );
    const call = scheme(server)(API);
    await until(() => server.forms.length === 1);
    const told = after(0, call);
    await revoke(scheme);
    expect(await told).toEqual(REAUTHORIZE);
    answer.give(undefined);
    for (let turn = 0; turn < 10; turn++) await settled();
    await ok(scheme(server)(API));
    expect([asked, server.authorizations]).toEqual([2, ["Bearer access-2"]]);
  });

  it.each([
    ["the wait for a lock has", true, 1, "ERR_AUTHFLOW_OAUTH2_STORE"],
    ["a refresh has", false, 2, "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE"],
  ])("has no time limit, but %s", async (_, lockHangs, requests, code) => {
    let ended = false;
    let asked = false;
    const texts = new Map<string, string>();
    const store = tokenStore({
      get: async (key) => texts.get(key),
      compareAndSet: async (key, _expected, next = "") => Boolean(texts.set(key, next)),
      lock: () => (ended && lockHangs ? new Promise(() => {}) : Promise.resolve({ release: async () => {} })),
    });
    const answer = held<string>();
    const server = serving({
      onToken: () =>
        ended ? new Promise(() => {}) : json({ access_token: "old", refresh_token: "r", token_type: "Bearer" }),
      onApi: () => (ended ? undefined : new Response()),
    });
    const options = person(async (urlFor) => {
      const url = back(urlFor);
      asked = true;
      await answer.promise;
      return url;
    });
    const authFetch = authorizationCode({ ...options, store })(server);
    const call = authFetch(API);
    await until(() => asked);
    expect(await after(100_000, call)).toBeUndefined();
    answer.give("");
    await ok(call);
    ended = true;
    expect(await after(1000, authFetch(API))).toMatchObject({ code });
    expect(server.forms).toHaveLength(requests);
  });
});
