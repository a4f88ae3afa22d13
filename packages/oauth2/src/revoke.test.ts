import { describe, expect, it } from "vitest";
import { API, held, json, serving, settled, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import { clientCredentials, memoryStore, refreshToken, revoke, tokenStore } from "./index.ts";

const REVOCATION_ENDPOINT = "https://auth.example/revoke";
const OPTIONS = {
  tokenEndpoint: TOKEN_ENDPOINT,
  revocationEndpoint: REVOCATION_ENDPOINT,
  clientId: "app",
  clientSecret: "s3cret",
};

/** A fetch to a revocation endpoint, and what it was sent. */
function revoking(answer: () => Response = () => new Response()): {
  readonly fetch: typeof fetch;
  readonly sent: string[];
} {
  const sent: string[] = [];
  const call = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    sent.push(`${request.url} ${request.headers.get("authorization")} ${await request.text()}`);
    return answer();
  };
  return { fetch: call, sent };
}
const BASIC = `Basic ${btoa("app:s3cret")}`;

describe("revoke (RFC 7009 §2.1)", () => {
  it("gives the refresh token back, and forgets all", async () => {
    const server = serving();
    const scheme = refreshToken({ ...OPTIONS, tokens: server.login() });
    await scheme(server)(API);
    const { fetch, sent } = revoking();
    await revoke(scheme, fetch);
    expect(sent).toEqual([`${REVOCATION_ENDPOINT} ${BASIC} token_type_hint=refresh_token&token=refresh-1`]);
    await expect(scheme(server)(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" });
    expect(server.forms).toHaveLength(1);
  });

  it("gives the access token back where there is no refresh token; the next call gets another", async () => {
    const server = serving();
    const scheme = clientCredentials(OPTIONS);
    await scheme(server)(API);
    const { fetch, sent } = revoking();
    await revoke(scheme, fetch);
    expect(sent).toEqual([`${REVOCATION_ENDPOINT} ${BASIC} token_type_hint=access_token&token=access-1`]);
    await scheme(server)(API);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-2"]);
  });

  it("gives back the newer tokens that the store has yet to take, not those that it has", async () => {
    const server = serving();
    const texts = new Map<string, string>();
    let isFull = false;
    const store = tokenStore({
      get: async (key) => texts.get(key),
      async compareAndSet(key, _expected, next) {
        if (isFull && next !== undefined) throw new Error("disk full");
        return next === undefined ? texts.delete(key) : Boolean(texts.set(key, next));
      },
      lock: async () => ({ release: async () => {} }),
    });
    const scheme = refreshToken({ ...OPTIONS, tokens: server.login(), store });
    await scheme(server)(API);
    isFull = true;
    server.expire();
    await scheme(server)(API);
    const { fetch, sent } = revoking();
    await revoke(scheme, fetch);
    expect(sent).toEqual([expect.stringMatching(/token=refresh-2$/)]);
    expect(texts.size).toBe(0);
  });

  it("takes the tokens out of the store, also when this start hasn't used them", async () => {
    const server = serving();
    const store = memoryStore({ key: "mine" });
    await clientCredentials({ ...OPTIONS, store })(server)(API);
    const { fetch, sent } = revoking();
    await revoke(clientCredentials({ ...OPTIONS, store }), fetch);
    expect(sent).toHaveLength(1);
    await clientCredentials({ ...OPTIONS, store })(server)(API);
    expect(server.forms).toHaveLength(2);
  });

  it("forgets a failure, too: the next call asks again", async () => {
    const server = serving({
      onToken: (_, count) => (count === 1 ? json({ error: "invalid_client" }, 401) : undefined),
    });
    const scheme = clientCredentials(OPTIONS);
    await expect(scheme(server)(API)).rejects.toMatchObject({ error: "invalid_client" });
    await revoke(scheme, revoking().fetch);
    expect((await scheme(server)(API)).status).toBe(200);
  });

  it("does nothing where there are no tokens", async () => {
    const { fetch, sent } = revoking();
    await revoke(clientCredentials(OPTIONS), fetch);
    expect(sent).toEqual([]);
  });

  it("waits for a refresh that is under way: its tokens are revoked, not the spent ones", async () => {
    const server = serving();
    const scheme = refreshToken({ ...OPTIONS, tokens: server.login() });
    const call = scheme(server)(API);
    const { fetch, sent } = revoking();
    const [response] = await Promise.all([call, Promise.resolve().then(() => revoke(scheme, fetch))]);
    expect(response.status).toBe(200);
    expect(sent).toEqual([expect.stringMatching(/token=refresh-1$/)]);
  });

  it("is retried when the server is down, and fails with what it says; the tokens are forgotten all the same", async () => {
    const server = serving();
    const scheme = clientCredentials({ ...OPTIONS, timeLimit: 500, random: () => 0 });
    await scheme(server)(API);
    const { fetch, sent } = revoking(() => json({ error: "unsupported_token_type" }, 503));
    await expect(revoke(scheme, fetch)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE",
      error: "unsupported_token_type",
    });
    expect(sent.length).toBeGreaterThan(1);
    await revoke(scheme, fetch);
    await scheme(server)(API);
    expect(server.forms).toHaveLength(2);
  });

  it("gives back what is in the store when it takes it, also if another process has refreshed meanwhile", async () => {
    const server = serving();
    const texts = new Map<string, string>();
    let before: Promise<void> | undefined;
    const store = tokenStore(
      {
        get: async (key) => {
          const text = texts.get(key);
          await before; // read, and then a moment passes
          return text;
        },
        async compareAndSet(key, expected, next) {
          if (texts.get(key) !== expected) return false;
          if (next === undefined) texts.delete(key);
          else texts.set(key, next);
          return true;
        },
        lock: async () => ({ release: async () => {} }), // as if it were lost
      },
      { key: "mine" },
    );
    const scheme = refreshToken({ ...OPTIONS, tokens: server.login(), store });
    await scheme(server)(API);
    const gate = held<void>();
    before = gate.promise;
    const { fetch, sent } = revoking();
    const revoked = revoke(scheme, fetch);
    await settled();
    texts.set("mine", (texts.get("mine") ?? "").replaceAll("refresh-1", "refresh-2"));
    before = undefined;
    gate.give();
    await revoked;
    expect(sent).toEqual([expect.stringMatching(/token=refresh-2$/)]);
    expect(texts.size).toBe(0);
  });

  it("holds the lock of the store, so that nobody refreshes meanwhile", async () => {
    const under = held<void>();
    const answer = held<undefined>();
    const server = serving({
      onToken: (_, count) => {
        if (count === 1) return undefined;
        under.give();
        return answer.promise;
      },
    });
    const options = { ...OPTIONS, tokens: server.login(), store: memoryStore({ key: "mine" }) };
    const [one, other] = [refreshToken(options), refreshToken(options)];
    await one(server)(API);
    await other(server)(API);
    server.expire();
    const call = one(server)(API);
    await under.promise;
    const { fetch, sent } = revoking();
    const revoked = revoke(other, fetch);
    await settled();
    answer.give(undefined);
    await revoked;
    expect((await call).status).toBe(200);
    expect(sent).toEqual([expect.stringMatching(/token=refresh-2$/)]);
  });

  it("takes away what can't be read, too", async () => {
    for (const decrypt of [
      (text: string): string => text,
      (): string => {
        throw new Error("another key");
      },
    ]) {
      const texts = new Map([["mine", "garbage"]]);
      const store = tokenStore(
        {
          get: async (key) => texts.get(key),
          compareAndSet: async (key) => texts.delete(key),
          lock: async () => ({ release: async () => {} }),
        },
        { key: "mine", decrypt },
      );
      const { fetch, sent } = revoking();
      await revoke(clientCredentials({ ...OPTIONS, store }), fetch);
      expect([texts.size, sent]).toEqual([0, []]);
    }
  });

  it("takes nothing away that belongs to another client", async () => {
    const server = serving();
    const store = memoryStore({ key: "mine" });
    await clientCredentials({ ...OPTIONS, store })(server)(API);
    const { fetch, sent } = revoking();
    await expect(revoke(clientCredentials({ ...OPTIONS, clientId: "other", store }), fetch)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_STORE",
    });
    await clientCredentials({ ...OPTIONS, store })(server)(API);
    expect([sent, server.forms.length]).toEqual([[], 1]);
  });

  it("forgets nothing, and is over in time, if the store can't be had", async () => {
    const server = serving();
    let hangs = false;
    const texts = new Map<string, string>();
    const store = tokenStore({
      get: (key) => (hangs ? new Promise(() => {}) : Promise.resolve(texts.get(key))),
      compareAndSet: async (key, _expected, next = "") => Boolean(texts.set(key, next)),
      lock: async () => ({ release: async () => {} }),
    });
    const scheme = clientCredentials({ ...OPTIONS, store, timeLimit: 100 });
    await scheme(server)(API);
    hangs = true;
    const { fetch, sent } = revoking();
    await expect(revoke(scheme, fetch)).rejects.toMatchObject({
      message: expect.stringMatching(/^The token store/) as string,
    });
    await scheme(server)(API);
    expect([sent, server.forms.length]).toEqual([[], 1]);
  });

  it("waits no longer for a lock that others keep than it may, and says so to the store", async () => {
    let wanted: AbortSignal | undefined;
    const store = tokenStore({
      get: async () => undefined,
      compareAndSet: async () => true,
      lock: (_key, _lease, signal) => {
        wanted = signal;
        return new Promise(() => {});
      },
    });
    await expect(
      revoke(clientCredentials({ ...OPTIONS, store, timeLimit: 50 }), revoking().fetch),
    ).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
    expect(wanted?.aborted).toBe(true);
  });

  it("has nothing to give back after a refresh token that was given alone was refused", async () => {
    const server = serving();
    const scheme = refreshToken({ ...OPTIONS, tokens: "dead" });
    await expect(scheme(server)(API)).rejects.toMatchObject({ error: "invalid_grant" });
    const { fetch, sent } = revoking();
    await revoke(scheme, fetch);
    expect(sent).toEqual([]);
  });

  it("needs to know where", async () => {
    const server = serving();
    const scheme = clientCredentials({ ...OPTIONS, revocationEndpoint: undefined });
    await scheme(server)(API);
    await expect(revoke(scheme, revoking().fetch)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY" });
  });

  it("is for schemes of this package", async () => {
    await expect(revoke({})).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_OPTION" });
  });
});
