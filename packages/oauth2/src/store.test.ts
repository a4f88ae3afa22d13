import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import {
  API,
  held,
  json,
  type Server,
  serving,
  settled,
  TOKEN_ENDPOINT,
  type ServiceOptions,
} from "./fixtures/server.ts";
import {
  authorizationCode,
  clientCredentials,
  jwtBearer,
  memoryStore,
  type OAuth2Options,
  refreshToken,
  type RefreshTokenOptions,
  type StoreBackend,
  tokenStore,
} from "./index.ts";

const service = (server: Server, options: ServiceOptions = {}): typeof server =>
  clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", clientSecret: "s3cret", ...options })(server);
const login = (server: Server, options: Partial<RefreshTokenOptions> = {}): typeof server =>
  refreshToken({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens: server.login(), ...options })(server);
const ok = async (call: Promise<Response>): Promise<void> => expect((await call).status).toBe(200);

/** What the test puts in the place of a backend's parts. */
interface Parts {
  readonly lock?: StoreBackend["lock"];
  /** Waits or fails before anything is stored. */
  readonly beforeSet?: () => Promise<void>;
}

/** A backend that anybody could write. */
function mapBackend({ beforeSet, lock }: Parts = {}): StoreBackend & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get: async (key) => texts.get(key),
    async compareAndSet(key, expected, next) {
      await beforeSet?.();
      if (texts.get(key) !== expected) return false;
      if (next === undefined) texts.delete(key);
      else texts.set(key, next);
      return true;
    },
    lock: lock ?? (async () => ({ release: async () => {} })),
  };
}

describe("a store that schemes share", () => {
  it("has one token for both, whoever comes first", async () => {
    const server = serving();
    const store = memoryStore();
    const both = [service(server, { store }), service(server, { store })];
    await Promise.all(both.map((authFetch) => ok(authFetch(API))));
    expect(server.forms).toHaveLength(1);
    server.expire();
    await Promise.all([...both, ...both].map((authFetch) => ok(authFetch(API))));
    expect(server.forms).toHaveLength(2);
  });

  it("has one refresh for both, with refresh tokens that are good once", async () => {
    const server = serving();
    const store = memoryStore();
    const both = [login(server, { store }), login(server, { store })];
    for (let round = 0; round < 3; round++) {
      await Promise.all(both.map((authFetch) => ok(authFetch(API))));
      server.expire();
    }
    expect([server.forms.length, server.reused]).toEqual([3, 0]);
  });

  it.each<[string, ServiceOptions]>([
    ["client", { clientId: "another" }],
    ["secret", { clientSecret: "another" }],
    ["server", { tokenEndpoint: `${TOKEN_ENDPOINT}?`, issuer: "https://auth.example" }],
    ["scope", { scope: "read" }],
    ["resource", { resource: "https://api.example/v2" }],
    ["parameters", { parameters: { audience: "api" } }],
  ])("keeps the tokens of another %s apart", async (_, other) => {
    const server = serving({
      onToken: () => json({ access_token: `t${server.forms.length}`, token_type: "Bearer" }),
      onApi: () => new Response(),
    });
    const store = memoryStore();
    const fetchTo = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const request = new Request(url, init);
      return server(request.url === `${TOKEN_ENDPOINT}?` ? new Request(TOKEN_ENDPOINT, request) : request);
    };
    await service(server, { store })(API);
    await service(fetchTo as Server, { store, ...other })(API);
    await service(server, { store })(API);
    expect(server.authorizations).toEqual(["Bearer t1", "Bearer t2", "Bearer t1"]);
  });

  it("gives no token to a client with a wrong secret", async () => {
    const server = serving();
    const store = memoryStore();
    const key = `Basic ${btoa("service:s3cret")}`;
    const checked = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const request = new Request(url, init);
      const wrong = request.url === TOKEN_ENDPOINT && request.headers.get("authorization") !== key;
      return wrong ? json({ error: "invalid_client" }, 401) : server(request);
    };
    await ok(service(checked as Server, { store })(API));
    await expect(service(checked as Server, { store, clientSecret: "guess" })(API)).rejects.toMatchObject({
      error: "invalid_client",
    });
  });
});

describe("tokenStore", () => {
  it("keeps texts under a hash, or under the key that it is given", async () => {
    const backend = mapBackend();
    await service(serving(), { store: tokenStore(backend) })(API);
    await service(serving(), { store: tokenStore(backend, { key: "mine" }) })(API);
    expect([...backend.texts.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), "mine"]);
    expect(JSON.stringify([...backend.texts.keys()])).not.toContain("s3cret");
  });

  it("goes on after a restart with what is there, without a token call", async () => {
    const server = serving();
    const backend = mapBackend();
    for (let start = 0; start < 3; start++) await ok(login(server, { store: tokenStore(backend) })(API));
    expect(server.forms).toHaveLength(1);
  });

  it("wins over the tokens that the program has, which are older", async () => {
    const server = serving();
    const backend = mapBackend();
    await ok(login(server, { store: tokenStore(backend) })(API));
    server.expire();
    await ok(login(server, { store: tokenStore(backend) })(API));
    expect(server.forms.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-1"]);
  });

  it("has tokens encrypted, and decrypts them", async () => {
    const server = serving();
    const backend = mapBackend();
    let nonce = 0;
    const options = {
      encrypt: async (text: string) => `${++nonce}:${btoa(text)}`,
      decrypt: async (stored: string) => atob(stored.slice(stored.indexOf(":") + 1)),
    };
    await ok(service(server, { store: tokenStore(backend, options) })(API));
    expect(JSON.stringify([...backend.texts])).not.toContain("access-1");
    server.expire();
    await ok(service(server, { store: tokenStore(backend, options) })(API));
    await ok(service(server, { store: tokenStore(backend, options) })(API));
    expect(server.forms).toHaveLength(2);
  });

  it("says that it can't read what is there, without showing it, and leaves it as it is", async () => {
    for (const text of ["pl4nted", '{"x":"pl4nted"}', '"pl4nted"', "null"]) {
      const backend = mapBackend();
      backend.texts.set("mine", text);
      const failed = service(serving(), { store: tokenStore(backend, { key: "mine" }) })(API);
      const error: unknown = await failed.catch((error_: unknown) => error_);
      expect(error).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
      expect(String((error as Error).stack)).not.toContain("pl4nted");
      expect(backend.texts.get("mine")).toBe(text);
    }
  });

  it("has rotated tokens before anybody uses them", async () => {
    const saving = held<void>();
    const stored = held<void>();
    const backend = mapBackend({
      beforeSet() {
        saving.give();
        return stored.promise;
      },
    });
    const server = serving();
    const call = login(server, { store: tokenStore(backend) })(API);
    await saving.promise;
    await settled();
    expect([server.forms.length, server.authorizations.length]).toEqual([1, 0]);
    stored.give();
    await ok(call);
  });

  it("that fails: the tokens are used, and its refresh token is not spent until it is stored", async () => {
    const full = new Error("disk full");
    let works = false;
    const backend = mapBackend({
      async beforeSet() {
        if (!works) throw full;
      },
    });
    const failures: unknown[] = [];
    const server = serving();
    const authFetch = login(server, {
      store: tokenStore(backend),
      backOff: 0,
      onFailed: ({ error, recovered }) => void failures.push([error, recovered]),
    });
    await ok(authFetch(API));
    expect(failures).toEqual([[full, true]]);
    server.expire();
    await expect(authFetch(API)).rejects.toBe(full);
    expect(server.forms).toHaveLength(1);
    works = true;
    await ok(authFetch(API));
    expect(server.forms.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-1"]);
  });

  it("whose lock was lost: what others have stored is used, and ours not put over it", async () => {
    const backend = mapBackend();
    const server = serving({
      onToken: (_, count) => {
        // While this one was asleep, another process has refreshed.
        if (count === 1) backend.texts.set("mine", JSON.stringify({ accessToken: "theirs", refreshToken: "r" }));
        return undefined;
      },
      onApi: (_, authorization) => (authorization === "Bearer theirs" ? new Response() : undefined),
    });
    await ok(service(server, { store: tokenStore(backend, { key: "mine" }) })(API));
    expect(server.authorizations).toEqual(["Bearer theirs"]);
    expect(backend.texts.get("mine")).toContain("theirs");
  });

  it("whose lock was lost, and the refresh token with it: what others got for it is used, and nobody is told", async () => {
    const told: unknown[] = [];
    const backend = mapBackend();
    const server = serving({
      onToken: () => {
        backend.texts.set("mine", JSON.stringify({ accessToken: "theirs", refreshToken: "r" }));
        return json({ error: "invalid_grant" }, 400);
      },
      onApi: (_, authorization) => (authorization === "Bearer theirs" ? new Response() : undefined),
    });
    const listen = (event: unknown): void => void told.push(event);
    const store = tokenStore(backend, { key: "mine" });
    await ok(login(server, { store, onFailed: listen, onReauthorize: listen })(API));
    expect([server.authorizations, told]).toEqual([["Bearer theirs"], []]);
  });

  it("isn't locked while a person is asked: others need not wait for them", async () => {
    let locked = 0;
    const seen: number[] = [];
    const lock = async (): Promise<{ release(): Promise<void> }> => {
      locked++;
      return { release: async () => void locked-- };
    };
    const scheme = authorizationCode({
      tokenEndpoint: TOKEN_ENDPOINT,
      authorizationEndpoint: "https://auth.example/authorize",
      clientId: "app",
      store: tokenStore(mapBackend({ lock })),
      authorize: async (urlFor) => {
        seen.push(locked);
        return `https://app.example/?code=c&state=${urlFor("https://app.example/").searchParams.get("state")}`;
      },
    });
    await ok(scheme(serving())(API));
    await ok(
      service(serving({ onToken: () => void seen.push(locked) }), {
        store: tokenStore(mapBackend({ lock })),
      })(API),
    );
    expect(seen).toEqual([0, 1]);
    expect(locked).toBe(0);
  });

  it("whose lock somebody keeps: no call waits beyond the time limit, and an abort ends the wait at once", async () => {
    const backend = mapBackend({
      lock: (_key, _lease, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    });
    const authFetch = service(serving(), { store: tokenStore(backend), timeLimit: 50 });
    await expect(authFetch(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
    const controller = new AbortController();
    const call = service(serving(), { store: tokenStore(backend) })(API, { signal: controller.signal });
    await settled();
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
  });

  it("whose lock comes too late: it is given back", async () => {
    const late = held<void>();
    let released = 0;
    const lock = async (): Promise<{ release(): Promise<void> }> => {
      await late.promise;
      return { release: async () => void released++ };
    };
    const authFetch = service(serving(), { store: tokenStore(mapBackend({ lock })), timeLimit: 20 });
    await expect(authFetch(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
    late.give();
    await settled();
    expect(released).toBe(1);
  });

  it("whose lock can't be given back: the tokens are there all the same", async () => {
    const lock = async (): Promise<{ release(): Promise<void> }> => ({
      release: () => Promise.reject(new Error("gone")),
    });
    await ok(service(serving(), { store: tokenStore(mapBackend({ lock })) })(API));
  });

  it("tells of tokens once, when it has them, and not when it takes a refresh token out that is of no use", async () => {
    const server = serving();
    const told: string[] = [];
    const authFetch = login(server, {
      store: tokenStore(mapBackend()),
      onRefreshed: () => void told.push("refreshed"),
      onReauthorize: () => void told.push("reauthorize"),
    });
    await ok(authFetch(API));
    server.revoke();
    server.expire();
    await expect(authFetch(API)).rejects.toMatchObject({ error: "invalid_grant" });
    await settled();
    expect(told).toEqual(["refreshed", "reauthorize"]);
  });

  it("tells other processes of a refresh token that is of no use: they don't try it", async () => {
    const server = serving();
    const backend = mapBackend();
    const told: string[] = [];
    const start = (name: string): Server =>
      login(server, { store: tokenStore(backend), onReauthorize: () => void told.push(name) });
    const [one, other] = [start("one"), start("other")];
    await Promise.all([ok(one(API)), ok(other(API))]);
    server.revoke();
    server.expire();
    await expect(one(API)).rejects.toMatchObject({ error: "invalid_grant" });
    await expect(other(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" });
    expect(server.forms).toHaveLength(2);
    expect(told).toEqual(["one", "other"]);
  });

  it("that was left without an access token gives none: an empty one is sent to nobody", async () => {
    const server = serving();
    const backend = mapBackend();
    const authFetch = service(server, { store: tokenStore(backend, { key: "mine" }) });
    await ok(authFetch(API));
    // As a login leaves it that was refused before it had one.
    backend.texts.set("mine", JSON.stringify({ accessToken: "" }));
    server.expire();
    await ok(authFetch(API));
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-1", "Bearer access-2"]);
  });

  it("brings a new login of another process to this one; when that ends, it is told again", async () => {
    const server = serving();
    const backend = mapBackend();
    const told: unknown[] = [];
    const options = { store: tokenStore(backend, { key: "mine" }), backOff: 0 };
    const authFetch = login(server, { ...options, onReauthorize: ({ error }) => void told.push(error.error) });
    server.revoke();
    for (let call = 0; call < 2; call++) {
      await expect(authFetch(API)).rejects.toMatchObject({ error: "invalid_grant" });
    }
    expect([server.forms.length, told]).toEqual([1, ["invalid_grant"]]);

    backend.texts.set("mine", JSON.stringify({ accessToken: "theirs", refreshToken: "theirs" }));
    for (let call = 0; call < 2; call++) {
      await expect(authFetch(API)).rejects.toMatchObject({ error: "invalid_grant" });
    }
    expect(server.authorizations).toEqual(["Bearer theirs"]);
    expect(server.forms.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "theirs"]);
    expect(told).toEqual(["invalid_grant", "invalid_grant"]);
  });
});

describe("a store with a `key`", () => {
  const assertion = (server: Server, options: Partial<OAuth2Options>): typeof server =>
    jwtBearer({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", assertion: "a.b.c", ...options })(server);

  it.each<[string, (server: Server, store: OAuth2Options["store"]) => Server]>([
    ["server", (server, store) => assertion(server, { store, tokenEndpoint: "https://other.example/token" })],
    ["issuer", (server, store) => assertion(server, { store, issuer: "https://other.example" })],
    ["client", (server, store) => assertion(server, { store, clientId: "other" })],
    ["grant", (server, store) => service(server, { store, clientId: "app" })],
  ])("gives the tokens of one %s to no other: they are told, and nothing is sent", async (_, other) => {
    const server = serving();
    const backend = mapBackend();
    const store = tokenStore(backend, { key: "finley" });
    await ok(assertion(server, { store })(API));
    const before = backend.texts.get("finley");
    await expect(other(server, store)(API)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_STORE",
      message: expect.stringContaining("key of its own") as string,
    });
    expect([server.forms.length, server.authorizations.length, backend.texts.get("finley")]).toEqual([1, 1, before]);
  });

  it("keeps the tokens of a client whose secret or scope has changed", async () => {
    const server = serving();
    const store = memoryStore({ key: "finley" });
    await ok(service(server, { store })(API));
    await ok(service(server, { store, clientSecret: "another", scope: "read" })(API));
    expect(server.forms).toHaveLength(1);
  });

  it("takes a new login in the place of one that is of no use", async () => {
    const server = serving();
    const store = memoryStore({ key: "finley" });
    await expect(login(server, { store, tokens: "dead" })(API)).rejects.toMatchObject({ error: "invalid_grant" });
    await ok(login(server, { store })(API));
    // The next start has the same, and what is stored is newer; an older login is known.
    for (const tokens of ["refresh-0", "dead"]) await ok(login(server, { store, tokens })(API));
    expect(server.forms.map((form) => form.get("refresh_token"))).toEqual(["dead", "refresh-0"]);
  });

  it("loses nothing of a good login to one that is refused", async () => {
    const server = serving();
    const backend = mapBackend();
    const store = tokenStore(backend, { key: "finley" });
    await ok(login(server, { store })(API));
    const before = backend.texts.get("finley");
    await ok(login(server, { store, tokens: "mistyped" })(API));
    expect(backend.texts.get("finley")).toBe(before);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-1"]);
  });

  it("comes before the access token that the caller gave with the same login", async () => {
    const server = serving();
    const store = memoryStore({ key: "finley" });
    const tokens = { accessToken: "given", refreshToken: server.login() };
    for (let start = 0; start < 2; start++) await ok(login(server, { store, tokens })(API));
    expect(server.authorizations).toEqual(["Bearer given", "Bearer access-1", "Bearer access-1"]);
  });

  it("that can't be read leaves the caller the access token that they gave", async () => {
    const server = serving({ onApi: () => new Response() });
    const get = (): Promise<never> => Promise.reject(new Error("gone"));
    const store = tokenStore({ ...mapBackend(), get });
    const tokens = { accessToken: "given", refreshToken: server.login() };
    await ok(login(server, { store, tokens })(API));
    expect([server.authorizations, server.forms]).toEqual([["Bearer given"], []]);
  });
});

describe("a store in trouble", () => {
  it("that never is what it was just now: the call goes on with its token, and the loop ends", async () => {
    let tried = 0;
    const failures: unknown[] = [];
    const store = tokenStore({ ...mapBackend(), compareAndSet: async () => ++tried < 0 });
    await ok(service(serving(), { store, onFailed: ({ error }) => void failures.push(error) })(API));
    await settled();
    expect([tried, failures]).toEqual([10, [expect.objectContaining({ code: "ERR_AUTHFLOW_OAUTH2_STORE" })]]);
  });

  it("that fails once is given the tokens by the next call after the back-off, and who watches is told then", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      let full = true;
      const told: string[] = [];
      const backend = mapBackend({
        async beforeSet() {
          if (full) throw new Error("disk full");
        },
      });
      const server = serving();
      const authFetch = login(server, {
        store: tokenStore(backend),
        onFailed: () => void told.push("failed"),
        onRefreshed: () => void told.push("refreshed"),
      });
      await ok(authFetch(API));
      full = false;
      await ok(authFetch(API));
      await settled();
      expect([backend.texts.size, told]).toEqual([0, ["failed"]]);
      vi.advanceTimersByTime(1000);
      await ok(authFetch(API));
      await settled();
      expect([backend.texts.size, told]).toEqual([1, ["failed", "refreshed"]]);
      expect(server.forms).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("that has yet to take newer tokens doesn't put the older ones over them", async () => {
    let full = false;
    const backend = mapBackend({
      async beforeSet() {
        if (full) throw new Error("disk full");
      },
    });
    const server = serving();
    const authFetch = login(server, { store: tokenStore(backend, { key: "mine" }), backOff: 0 });
    await ok(authFetch(API));
    full = true;
    server.expire();
    await ok(authFetch(API));
    // Somebody writes the old ones anew, such as by another encryption.
    backend.texts.set("mine", `${backend.texts.get("mine")} `);
    full = false;
    server.expire();
    await ok(authFetch(API));
    expect(server.forms.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-1", "refresh-2"]);
    expect(server.reused).toBe(0);
  });

  it("whose lock was lost before the refresh token is spent: it isn't, and the next call does", async () => {
    let isHeld = false;
    const lock: StoreBackend["lock"] = async () => ({ isHeld: async () => isHeld, release: async () => {} });
    const server = serving();
    const authFetch = login(server, { store: tokenStore(mapBackend({ lock })), backOff: 0 });
    await expect(authFetch(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
    expect(server.forms).toHaveLength(0);
    isHeld = true;
    await ok(authFetch(API));
  });

  it("that says only after the time limit that the lock is held: nothing is spent any more, and the next call does", async () => {
    const late = held<boolean>();
    let asked = 0;
    const lock: StoreBackend["lock"] = async () => ({
      isHeld: () => (++asked === 1 ? late.promise : Promise.resolve(true)),
      release: async () => {},
    });
    const server = serving();
    const authFetch = login(server, { store: tokenStore(mapBackend({ lock })), timeLimit: 30, backOff: 0 });
    await expect(authFetch(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" });
    late.give(true);
    await settled();
    expect(server.forms).toHaveLength(0);
    await ok(authFetch(API));
    expect([server.forms.length, server.reused]).toEqual([1, 0]);
  });

  it("that answers after the time limit changes nothing any more, and spends nothing", async () => {
    const first = held<string | undefined>();
    let asked = 0;
    const backend = mapBackend();
    const get = (key: string): Promise<string | undefined> =>
      ++asked === 1 ? first.promise : Promise.resolve(backend.texts.get(key));
    const server = serving();
    const authFetch = login(server, { store: tokenStore({ ...backend, get }), timeLimit: 30, backOff: 0 });
    await expect(authFetch(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" });
    await ok(authFetch(API));
    first.give(JSON.stringify({ accessToken: "stale", refreshToken: "refresh-0" }));
    await settled();
    await ok(authFetch(API));
    expect([server.forms.length, server.authorizations]).toEqual([1, ["Bearer access-1", "Bearer access-1"]]);
  });

  it("whose lock comes late: no request is sent with what little is left of the time limit", async () => {
    let leases = 0;
    const lock: StoreBackend["lock"] = async (_key, lease, signal) => {
      leases = lease;
      await once(signal, "abort");
      return { release: async () => {} };
    };
    const server = serving();
    const call = login(server, { store: tokenStore(mapBackend({ lock })), timeLimit: 400 })(API);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
    expect(server.forms).toHaveLength(0);
    // The lease lasts for an answer that is late, too.
    expect(leases).toBeGreaterThan(60_000);
  });
});

describe("memoryStore", () => {
  it("gives the lock on when its holder is gone without giving it back, at the end of the lease", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const server = serving();
      const store = memoryStore({ key: "mine" });
      const gone = new Promise<never>(() => {});
      const { signal } = new AbortController();
      const holder = store({ identity: [], client: [], tokens: undefined, timeLimit: 20, isGood: () => false });
      await new Promise<void>((locked) => {
        const context = { signal, deadline: performance.now() + 20, spend: async () => {} };
        void holder.renew(context, () => {
          locked();
          return gone;
        });
      });
      // The time limit, and a minute for an answer that comes late.
      await vi.advanceTimersByTimeAsync(60_020);
      await ok(service(server, { store })(API));
    } finally {
      vi.useRealTimers();
    }
  });
});
