import { afterEach, describe, expect, it, vi } from "vitest";
import {
  API,
  held,
  json,
  refusal,
  serving,
  settled,
  type Server,
  TOKEN_ENDPOINT,
  type ServiceOptions,
} from "./fixtures/server.ts";
import { clientCredentials, type FailedEvent, type RefreshedEvent, refreshToken } from "./index.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A clock that the test sets, in seconds. */
const clock = (): { seconds: number; readonly now: () => number } => {
  const set = { seconds: 0, now: (): number => 1e12 + set.seconds * 1000 };
  return set;
};
const service = (server: Server, options: ServiceOptions = {}): typeof server =>
  clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", clientSecret: "s3cret", ...options })(server);

describe("a token whose end is known", () => {
  it("is used until it is late: 30 s before its end, as HTTPX's plug-in has it", async () => {
    const server = serving({ expiresIn: 3600 });
    const at = clock();
    const authFetch = service(server, { now: at.now, random: () => 0 });
    for (at.seconds of [0, 3569]) await authFetch(API);
    expect(server.forms).toHaveLength(1);
    at.seconds = 3570;
    await authFetch(API);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-1", "Bearer access-2"]);
  });

  it("is replaced in the background up to 30 s before that, at a time of each client's own", async () => {
    for (const [random, due] of [
      [0.5, 3555],
      [1, 3540],
    ] as const) {
      const server = serving({ expiresIn: 3600 });
      const at = clock();
      const pending: Promise<unknown>[] = [];
      const authFetch = service(server, {
        now: at.now,
        random: () => random,
        waitUntil: (work) => void pending.push(work),
      });
      await authFetch(API);
      at.seconds = due - 1;
      await authFetch(API);
      expect(server.forms).toHaveLength(1);
      at.seconds = due;
      const answers = await Promise.all(Array.from({ length: 10 }, () => authFetch(API)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
      expect(pending).toHaveLength(1);
      await Promise.all(pending);
      await authFetch(API);
      expect(server.forms).toHaveLength(2);
      expect(server.authorizations.at(-1)).toBe("Bearer access-2");
    }
  });

  it("is used, though `waitUntil` throws, as one does that is called without its `this`", async () => {
    const thrown: unknown[] = [];
    const listen = (reason: unknown): void => void thrown.push(reason);
    const others = process.rawListeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", listen);
    try {
      const server = serving({ expiresIn: 3600 });
      const at = clock();
      const illegal = new TypeError("Illegal invocation");
      const authFetch = service(server, {
        now: at.now,
        random: () => 1,
        waitUntil: () => {
          throw illegal;
        },
      });
      await authFetch(API);
      at.seconds = 3550;
      expect((await authFetch(API)).status).toBe(200);
      await settled();
      expect(thrown).toEqual([illegal]);
      expect(server.forms).toHaveLength(2);
    } finally {
      process.off("unhandledRejection", listen);
      for (const other of others) process.on("unhandledRejection", other as NodeJS.UnhandledRejectionListener);
    }
  });

  it("is used without a wait while the next is fetched in the background", async () => {
    const answer = held<undefined>();
    const server = serving({ expiresIn: 3600, onToken: (_, count) => (count === 2 ? answer.promise : undefined) });
    const at = clock();
    const authFetch = service(server, { now: at.now, random: () => 1 });
    await authFetch(API);
    at.seconds = 3550;
    expect((await authFetch(API)).status).toBe(200);
    expect((await authFetch(API)).status).toBe(200);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-1", "Bearer access-1"]);
    answer.give(undefined);
    await settled();
    await authFetch(API);
    expect(server.authorizations.at(-1)).toBe("Bearer access-2");
  });

  it.each([3550, 3580])(
    "is used on when no other can be had, at %i s of 3600; and is asked for again after the back-off",
    async (seconds) => {
      vi.useFakeTimers({ toFake: ["performance"] });
      const failures: FailedEvent[] = [];
      const server = serving({
        expiresIn: 3600,
        onToken: (_, count) => (count === 2 ? json({ error: "invalid_client" }, 401) : undefined),
      });
      const at = clock();
      const authFetch = service(server, {
        now: at.now,
        random: () => 1,
        onFailed: (event) => void failures.push(event),
      });
      await authFetch(API);
      at.seconds = seconds;
      for (let call = 0; call < 3; call++) {
        expect((await authFetch(API)).status).toBe(200);
        await settled();
      }
      expect(server.forms).toHaveLength(2);
      expect(failures).toMatchObject([
        { grant: "client_credentials", recovered: true, error: { error: "invalid_client" } },
      ]);
      at.seconds += 1; // by a clock that somebody may set
      await authFetch(API);
      await settled();
      expect(server.forms).toHaveLength(2);
      vi.advanceTimersByTime(1000);
      await authFetch(API);
      await settled();
      expect(server.forms).toHaveLength(3);
    },
  );

  it("that has ended is not used on: the call fails with the reason", async () => {
    const server = serving({
      expiresIn: 3600,
      onToken: (_, count) => (count === 2 ? json({ error: "invalid_client" }, 401) : undefined),
    });
    const at = clock();
    const authFetch = service(server, { now: at.now });
    await authFetch(API);
    at.seconds = 3600;
    await expect(authFetch(API)).rejects.toMatchObject({ error: "invalid_client" });
    expect(server.authorizations).toHaveLength(1);
  });

  it("that lives for less than 2 min is late for a quarter of its life at most", async () => {
    const server = serving({ expiresIn: 20 });
    const at = clock();
    const authFetch = service(server, { now: at.now, random: () => 0 });
    for (at.seconds of [0, 14]) await authFetch(API);
    expect(server.forms).toHaveLength(1);
    at.seconds = 15;
    await authFetch(API);
    expect(server.forms).toHaveLength(2);
  });

  it("is used to its end with earlyExpiry 0", async () => {
    const server = serving({ expiresIn: 60 });
    const at = clock();
    const authFetch = service(server, { now: at.now, random: () => 1, earlyExpiry: 0 });
    for (at.seconds of [0, 59.999]) await authFetch(API);
    await settled();
    expect(server.forms).toHaveLength(1);
    at.seconds = 60;
    await authFetch(API);
    expect(server.forms).toHaveLength(2);
  });

  it("lives from the request on, not from the answer: a slow endpoint doesn't make it live longer", async () => {
    const at = clock();
    const server = serving({
      expiresIn: 60,
      onToken: () => {
        at.seconds += 50;
        return undefined;
      },
    });
    const events: RefreshedEvent[] = [];
    await service(server, { now: at.now, onRefreshed: (event) => void events.push(event) })(API);
    expect(events).toEqual([
      { grant: "client_credentials", refreshed: false, expiresAt: 1e12 + 60_000, scope: undefined },
    ]);
  });

  it("of 0 s is good for those who waited for it", async () => {
    const server = serving({ expiresIn: 0 });
    const authFetch = service(server);
    expect((await authFetch(API)).status).toBe(200);
    expect((await authFetch(API)).status).toBe(200);
    expect(server.forms).toHaveLength(2);
  });
});

describe("what servers do", () => {
  it("`expires_in` as a text is a number, too", async () => {
    const server = serving({ expiresIn: "3600" });
    const at = clock();
    const authFetch = service(server, { now: at.now, random: () => 0 });
    for (at.seconds of [0, 3569, 3570]) await authFetch(API);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-1", "Bearer access-2"]);
  });

  it.each([undefined, null])("`expires_in` %s: the token is used until it is refused", async (expiresIn) => {
    const server = serving({ expiresIn });
    const at = clock();
    const authFetch = service(server, { now: at.now });
    for (at.seconds of [0, 1e9]) await authFetch(API);
    expect(server.forms).toHaveLength(1);
    server.expire();
    expect((await authFetch(API)).status).toBe(200);
    expect(server.forms).toHaveLength(2);
  });

  it.each(["opaque", "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.", "a|b~c+d/e==", "with space"])(
    "a token is opaque: %s",
    async (token) => {
      const server = serving({
        onToken: () => json({ access_token: token, token_type: "bearer", expires_in: 3600 }),
        onApi: () => new Response("welcome"),
      });
      await service(server)(API);
      expect(server.authorizations).toEqual([`Bearer ${token}`]);
    },
  );

  it("`refresh_token: null`, a token type in capitals and other members are no trouble", async () => {
    const server = serving({
      onToken: () =>
        json({
          access_token: "a",
          token_type: "BEARER",
          refresh_token: null,
          scope: "",
          id_token: "x",
          more: { a: 1 },
        }),
      onApi: () => new Response("welcome"),
    });
    expect((await service(server)(API)).status).toBe(200);
  });

  it("gives the same token again: the 401 comes back, and nothing is sent a third time", async () => {
    const server = serving({
      onToken: () => json({ access_token: "same", token_type: "Bearer" }),
      onApi: () => new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } }),
    });
    expect((await service(server)(API)).status).toBe(401);
    expect([server.forms.length, server.authorizations.length]).toEqual([2, 1]);
  });

  it("gives the same token again, which is good again: it is used, and no other is asked for", async () => {
    let known = false;
    const server = serving({
      onToken: () => json({ access_token: "same", token_type: "Bearer" }),
      onApi: () => (known ? new Response("welcome") : refusal()),
    });
    const authFetch = service(server);
    expect((await authFetch(API)).status).toBe(401);
    known = true; // such as by a replica that was late
    expect((await authFetch(API)).status).toBe(200);
    expect(server.forms).toHaveLength(2);
  });

  it("refuses the new token, too: the second 401 comes back", async () => {
    const server = serving({
      onApi: () => new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } }),
    });
    expect((await service(server)(API)).status).toBe(401);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-2"]);
  });

  it.each([
    ["403", 403, 'Bearer error="insufficient_scope"'],
    ["401 with insufficient_scope", 401, 'Bearer error="insufficient_scope"'],
    ["401 with another scheme", 401, 'Basic realm="x"'],
    ["401 without a challenge", 401, undefined],
  ])("%s comes back untouched", async (_, status, challenge) => {
    const headers: Record<string, string> = challenge ? { "www-authenticate": challenge } : {};
    const server = serving({ onApi: () => new Response(null, { status, headers }) });
    expect((await service(server)(API)).status).toBe(status);
    expect([server.forms.length, server.authorizations.length]).toEqual([1, 1]);
  });

  it("401 without a challenge refuses the token with `bare401`", async () => {
    const server = serving({
      onApi: (_, authorization) =>
        authorization === "Bearer access-1" ? new Response(null, { status: 401 }) : undefined,
    });
    expect((await service(server, { bare401: true })(API)).status).toBe(200);
  });
});

describe("refreshToken (RFC 6749 §6)", () => {
  const login = (server: Server, options: object = {}): typeof server =>
    refreshToken({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens: server.login(), ...options })(server);

  it("spends the refresh token before the first request, if it has no access token", async () => {
    const server = serving();
    expect((await login(server)(API)).status).toBe(200);
    expect(server.forms.map(String)).toEqual(["refresh_token=refresh-0&grant_type=refresh_token&client_id=app"]);
  });

  it("uses the access token that it was given until it ends or is refused", async () => {
    const server = serving({
      onApi: (_, authorization) => (authorization === "Bearer old" ? new Response("welcome") : undefined),
    });
    const at = clock();
    const tokens = { accessToken: "old", refreshToken: server.login(), expiresAt: at.now() + 60_000 };
    const authFetch = login(server, { tokens, now: at.now, random: () => 0 });
    for (at.seconds of [0, 29, 30]) await authFetch(API);
    expect(server.authorizations).toEqual(["Bearer old", "Bearer old", "Bearer access-1"]);
  });

  it("keeps a refresh token that isn't replaced, and takes each one that is", async () => {
    for (const rotates of [false, true]) {
      const server = serving({ rotates });
      const authFetch = login(server);
      for (let call = 0; call < 3; call++) {
        expect((await authFetch(API)).status).toBe(200);
        server.expire();
      }
      expect(server.forms.map((form) => form.get("refresh_token"))).toEqual(
        rotates ? ["refresh-0", "refresh-1", "refresh-2"] : ["refresh-0", "refresh-0", "refresh-0"],
      );
    }
  });

  it("after `invalid_grant` goes on with an access token that is still good, and tells once", async () => {
    const told: string[] = [];
    const server = serving({ expiresIn: 3600 });
    const at = clock();
    const authFetch = login(server, {
      now: at.now,
      random: () => 0,
      onReauthorize: () => void told.push("reauthorize"),
      onFailed: () => void told.push("failed"),
    });
    await authFetch(API);
    server.revoke();
    for (at.seconds of [3575, 3580, 3590]) expect((await authFetch(API)).status).toBe(200);
    at.seconds = 3600;
    await expect(authFetch(API)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE",
      error: "invalid_grant",
    });
    expect(server.forms).toHaveLength(2);
    expect(told.filter((what) => what === "reauthorize")).toHaveLength(1);
  });

  it("never sends a refresh token a second time that was refused, however long it runs", async () => {
    const server = serving();
    const at = clock();
    const authFetch = login(server, { now: at.now });
    server.revoke();
    for (at.seconds of [0, 10, 1000]) {
      await expect(authFetch(API)).rejects.toMatchObject({ error: "invalid_grant" });
    }
    expect(server.forms).toHaveLength(1);
  });

  it.each(["r", "in", "grant", "invalid_grant"])(
    "knows `invalid_grant` also where the secret is a part of it: %s",
    async (token) => {
      const server = serving();
      const error: unknown = await login(server, { tokens: token })(API).catch((error_: unknown) => error_);
      expect(error).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE", error: "invalid_grant" });
    },
  );

  it.each([undefined, "", {}, { accessToken: "a" }])("takes no tokens without a refresh token: %j", (tokens) => {
    const options = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens } as never;
    expect(() => refreshToken(options)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
  });
});

describe("events", () => {
  it("go to the listeners that were there when the factory was called", async () => {
    const told: string[] = [];
    const server = serving();
    const options = {
      tokenEndpoint: TOKEN_ENDPOINT,
      clientId: "app",
      tokens: server.login(),
      onRefreshed: () => void told.push("refreshed"),
      onFailed: () => void told.push("failed"),
      onReauthorize: () => void told.push("reauthorize"),
    };
    const authFetch = refreshToken(options)(server);
    for (const name of ["onRefreshed", "onFailed", "onReauthorize"] as const) {
      options[name] = () => void told.push("another");
    }
    await authFetch(API);
    server.expire();
    server.revoke();
    await expect(authFetch(API)).rejects.toMatchObject({ error: "invalid_grant" });
    await settled();
    expect(told.toSorted()).toEqual(["failed", "reauthorize", "refreshed"]);
  });

  it("come after the tokens are kept, and what a listener throws reaches no call", async () => {
    const thrown: unknown[] = [];
    const listen = (reason: unknown): void => void thrown.push(reason);
    const others = process.rawListeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", listen);
    try {
      const server = serving();
      const boom = new Error("boom");
      const authFetch = service(server, {
        onRefreshed: () => {
          throw boom;
        },
      });
      expect((await authFetch(API)).status).toBe(200);
      await settled();
      expect(thrown).toEqual([boom]);
    } finally {
      process.off("unhandledRejection", listen);
      for (const other of others) process.on("unhandledRejection", other as NodeJS.UnhandledRejectionListener);
    }
  });
});
