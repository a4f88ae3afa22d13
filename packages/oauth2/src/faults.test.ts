import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  API,
  held,
  ISSUER,
  json,
  type Server,
  type ServerOptions,
  serving,
  TOKEN_ENDPOINT,
  type ServiceOptions,
} from "./fixtures/server.ts";
import {
  type ClientAuthentication,
  clientCredentials,
  clientSecretBasic,
  jwtBearer,
  OAuth2Error,
  refreshToken,
  type TokenStore,
  tokenStore,
} from "./index.ts";

/** Half of a wait is at random; this makes it the whole of it. */
const random = (): number => 1;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const service = (server: Server, options: ServiceOptions = {}): typeof server =>
  clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", clientSecret: "s3cret", random, ...options })(
    server,
  );

/** What becomes of a call, and after how many milliseconds, when time goes by as fast as it can. */
async function outcome(call: Promise<Response>): Promise<{ readonly after: number; readonly result: unknown }> {
  const start = performance.now();
  let result: unknown;
  const ended = call.then(
    ({ status }) => (result = status),
    (error: unknown) => (result = error),
  );
  while (result === undefined) await vi.advanceTimersByTimeAsync(50);
  await ended;
  return { after: performance.now() - start, result };
}

/** A server whose token endpoint is out of order until a time. */
const outUntil = (
  time: number,
  answer: () => Response | Promise<Response | undefined> | undefined,
  more: ServerOptions = {},
): Server => serving({ ...more, onToken: () => (performance.now() < time ? answer() : undefined) });

const html = (status: number): Response =>
  new Response("<h1>Oops</h1>", { status, headers: { "content-type": "text/html" } });
const brokenOff = (): Response =>
  new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) }));
const never = (): Promise<never> => new Promise(() => {});
/** A database that is gone. */
const hanging = { get: never, compareAndSet: never, lock: never };

describe("a token endpoint that is out of order", () => {
  it.each<[string, () => Response | Promise<Response>]>([
    ["can't be reached", () => Promise.reject(new TypeError("fetch failed"))],
    ["answers 500", () => json({}, 500)],
    ["answers 503 with an error", () => json({ error: "temporarily_unavailable" }, 503)],
    ["answers 502 with HTML", () => html(502)],
    ["answers 200 with HTML", () => html(200)],
    ["answers 200 with nothing", () => new Response()],
    ["answers 200 with an array", () => Response.json([])],
    ["answers 200 with an error of its own", () => json({ error: "server_error" })],
    ["answers 429", () => json({}, 429)],
    ["breaks off its answers", () => brokenOff()],
  ])("%s for 2 s: the call succeeds", async (_, answer) => {
    const server = outUntil(2000, answer);
    const { result, after } = await outcome(service(server)(API));
    expect([result, server.forms.length]).toEqual([200, 5]);
    // 200, 400, 800, 1600: the fifth attempt comes after 3 s.
    expect(after).toBe(3000);
  });

  it("hangs once: it is asked again after half of the limit", async () => {
    const server = serving({ onToken: (_, count) => (count === 1 ? never() : undefined) });
    expect(await outcome(service(server)(API))).toEqual({ result: 200, after: 5200 });
  });

  it("hangs: no call is held beyond the limit of 10 s", async () => {
    const server = serving({ onToken: never });
    const { result, after } = await outcome(service(server)(API));
    expect(result).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE",
      message: expect.stringMatching(/^The authorization server didn't answer within \d+ ms/) as string,
    });
    expect(after).toBeLessThanOrEqual(10_050);
  });

  it("hangs while the token is late: one call waits for it, and the next ones go on with the old token at once", async () => {
    const server = serving({ expiresIn: 3600, onToken: (_, count) => (count > 1 ? never() : undefined) });
    const authFetch = service(server);
    await outcome(authFetch(API));
    vi.setSystemTime(3571 * 1000);
    const first = await outcome(authFetch(API));
    expect(first.result).toBe(200);
    expect(first.after).toBeGreaterThan(9000);
    await vi.advanceTimersByTimeAsync(2000);
    for (let call = 0; call < 3; call++) expect(await outcome(authFetch(API))).toEqual({ result: 200, after: 50 });
    expect(server.authorizations).toEqual(Array.from({ length: 5 }, () => "Bearer access-1"));
    await vi.advanceTimersByTimeAsync(20_000);
    const last = await outcome(authFetch(API));
    expect(last.result).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" });
  });

  it("is up again: the next token that is late is replaced before the call, as if there had been no failure", async () => {
    const server = serving({
      expiresIn: 3600,
      onToken: (_, count) => (count === 2 ? json({ error: "invalid_client" }, 401) : undefined),
    });
    const authFetch = service(server, { backOff: 0 });
    await outcome(authFetch(API));
    vi.setSystemTime(3571 * 1000);
    await outcome(authFetch(API)); // fails, and the call goes on with what works
    await outcome(authFetch(API)); // has the next one fetched, and doesn't wait
    expect(server.forms).toHaveLength(3);
    vi.setSystemTime(2 * 3571 * 1000);
    await outcome(authFetch(API));
    expect(server.authorizations.map((one) => one?.slice(-1))).toEqual(["1", "1", "1", "3"]);
  });

  it("hangs after its headers: neither", async () => {
    const server = serving({ onToken: () => new Response(new ReadableStream()) });
    const { result, after } = await outcome(service(server, { timeLimit: 1000 })(API));
    expect(result).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" });
    expect(after).toBeLessThanOrEqual(1050);
  });

  it("stays down: a typed error, not a new login, and the next call has the same within the back-off", async () => {
    const told: unknown[] = [];
    const server = serving({
      onToken: () => json({ error: "temporarily_unavailable", error_description: "maintenance" }, 503),
    });
    const authFetch = refreshToken({
      tokenEndpoint: TOKEN_ENDPOINT,
      clientId: "app",
      tokens: server.login(),
      timeLimit: 1000,
      random,
      onReauthorize: () => void told.push("reauthorize"),
      onFailed: ({ recovered }) => void told.push({ recovered }),
    })(server);
    const { result } = await outcome(authFetch(API));
    expect(result).toBeInstanceOf(OAuth2Error);
    expect(result).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE",
      url: TOKEN_ENDPOINT,
      status: 503,
      error: "temporarily_unavailable",
      errorDescription: "maintenance",
    });
    const asked = server.forms.length;
    await expect(authFetch(API)).rejects.toBe(result);
    expect([asked, server.forms.length]).toEqual([3, 3]);
    expect(told).toEqual([{ recovered: false }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await outcome(authFetch(API))).result).not.toBe(result);
    expect(server.forms.length).toBe(6);
  });

  it.each([
    ["seconds", "3", 3000],
    ["a date", "Thu, 01 Jan 1970 00:00:04 GMT", 4000],
    ["a date that has passed, which is no leave to hurry", "Wed, 31 Dec 1969 23:59:59 GMT", 200],
    ["no seconds, which are none either", "0", 200],
    ["nonsense, which is nothing", "soon", 200],
  ])("says Retry-After in %s: that long it is left alone (RFC 9110 §10.2.3)", async (_, value, wait) => {
    const server = serving({
      onToken: (_form, count) => (count === 1 ? json({}, 429, { "retry-after": value }) : undefined),
    });
    const { result, after } = await outcome(service(server)(API));
    expect([result, server.forms.length]).toEqual([200, 2]);
    expect(Math.abs(after - wait)).toBeLessThanOrEqual(50);
  });

  it("says a Retry-After beyond the limit: the call isn't held for nothing", async () => {
    const server = serving({ onToken: () => json({}, 429, { "retry-after": "11" }) });
    const { result, after } = await outcome(service(server)(API));
    expect(result).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE", status: 429 });
    expect(after).toBeLessThanOrEqual(50);
  });

  it("answers without an end: no more than 1 MiB of it is read", async () => {
    let [read, cancelled] = [0, 0];
    const endless = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            read += 65_536;
            controller.enqueue(new Uint8Array(65_536).fill(32));
          },
          cancel: () => void cancelled++,
        }),
        { status: 500 },
      );
    const server = serving({ onToken: (_, count) => (count === 1 ? endless() : undefined) });
    expect((await outcome(service(server)(API))).result).toBe(200);
    expect(read).toBeLessThan(2 * 1024 * 1024);
    expect(cancelled).toBe(1);
  });

  it("breaks off its answers: an error of one type, which says so", async () => {
    const { result } = await outcome(service(serving({ onToken: brokenOff }), { timeLimit: 100 })(API));
    expect(result).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE",
      message: `${TOKEN_ENDPOINT} broke off its answer (terminated). Try again later, or raise \`timeLimit\`.`,
    });
  });

  it("is asked less often with each failure, and by each client at times of its own", async () => {
    const times: number[] = [];
    const server = serving({
      onToken: () => {
        times.push(performance.now());
        return json({}, 500);
      },
    });
    await outcome(service(server)(API));
    expect(times).toEqual([0, 200, 600, 1400, 3000, 5000, 7000, 9000]);
    times.length = 0;
    vi.setSystemTime(0);
    const start = performance.now();
    await outcome(service(server, { random: () => 0 })(API));
    expect(times.slice(0, 5).map((time) => time - start)).toEqual([0, 100, 300, 700, 1500]);
  });
});

describe("an abort", () => {
  it("frees its caller at once, whatever the endpoint does, and no further attempt is made", async () => {
    const server = serving({ onToken: () => json({}, 503) });
    const controller = new AbortController();
    const call = service(server)(API, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(300);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.forms).toHaveLength(2);
  });

  it("of all while the metadata are looked up: no token is asked for", async () => {
    const metadata = held<void>();
    const server = serving();
    const slow = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const response = await server(input, init);
      await metadata.promise;
      return response;
    };
    const controller = new AbortController();
    const scheme = clientCredentials({ issuer: ISSUER, clientId: "service", clientSecret: "s3cret", random });
    const call = scheme(slow)(API, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(50);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    metadata.give();
    await vi.advanceTimersByTimeAsync(50);
    expect([server.lookedUp.length, server.forms.length]).toEqual([1, 0]);
  });

  it("leaves a failure of its own to nobody: who comes later starts anew", async () => {
    let down = true;
    const server = serving({ onToken: () => (down ? json({}, 503) : undefined) });
    const authFetch = service(server);
    const controller = new AbortController();
    const call = authFetch(API, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(300);
    controller.abort(new Error("enough"));
    const later = authFetch(API);
    down = false;
    await expect(call).rejects.toThrow("enough");
    expect((await outcome(later)).result).toBe(200);
  });

  it("of all, and then another call: that one has what the attempt under way brings", async () => {
    const answer = held<Response>();
    const server = serving({ onToken: (_, count) => (count === 1 ? answer.promise : undefined) });
    const authFetch = service(server);
    const controller = new AbortController();
    const call = authFetch(API, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(50);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    const later = authFetch(API);
    await vi.advanceTimersByTimeAsync(50);
    answer.give(json({}, 503));
    expect((await outcome(later)).result).toBe(200);
    expect(server.forms).toHaveLength(2);
  });
});

describe("what is no use to ask again", () => {
  it.each([
    [400, { error: "invalid_client", error_description: "who?" }],
    [401, { error: "invalid_client", error_description: "who?" }],
    [200, { error: "invalid_scope", error_description: "no such scope" }],
    [400, { error: "unsupported_grant_type" }],
  ])("is asked once: %i %j", async (status, body) => {
    const headers = { "www-authenticate": 'Basic realm="x"' };
    const server = serving({ onToken: () => json(body, status, status === 401 ? headers : {}) });
    const { result } = await outcome(service(server)(API));
    expect(result).toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      status,
      error: body.error,
      ...("error_description" in body && { errorDescription: body.error_description }),
    });
    expect(server.forms).toHaveLength(1);
  });

  it.each([
    ["a page that isn't there", () => html(404)],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } })],
    ["an answer without a token", () => json({ token_type: "Bearer" })],
    ["a token of another type", () => json({ access_token: "a", token_type: "mac" })],
    ["a token that is bound to a key (RFC 9449)", () => json({ access_token: "a", token_type: "DPoP" })],
    ["a token that no header can hold", () => json({ access_token: "a\r\nx: y", token_type: "Bearer" })],
  ])("is asked once: %s", async (_, answer) => {
    const server = serving({ onToken: answer });
    const { result } = await outcome(service(server)(API));
    expect(result).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_RESPONSE" });
    expect(server.forms).toHaveLength(1);
  });
});

describe("what the caller gives and the server has no part in", () => {
  it.each<[string, { readonly store: TokenStore } | { readonly clientAuth: ClientAuthentication }]>([
    ["a store that hangs", { store: tokenStore({ ...hanging, lock: async () => ({ release: async () => {} }) }) }],
    ["a lock that hangs, and heeds no signal", { store: tokenStore({ ...hanging, get: async () => undefined }) }],
    ["a client authentication that hangs", { clientAuth: never }],
  ])("%s holds no call beyond the time limit", async (_, options) => {
    const client = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", clientAuth: clientSecretBasic("s3cret") };
    const { result, after } = await outcome(clientCredentials({ ...client, random, ...options })(serving())(API));
    expect(result).toMatchObject({ code: expect.stringMatching(/_UNAVAILABLE$|_STORE$/) as string });
    expect(after).toBeLessThanOrEqual(10_150);
  });

  it("an assertion that hangs holds none either, and is asked for again by a later call", async () => {
    let asked = 0;
    const assertion = (): Promise<string> => (++asked === 1 ? new Promise(() => {}) : Promise.resolve("a.b.c"));
    const authFetch = jwtBearer({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", assertion, backOff: 0 })(serving());
    const { result, after } = await outcome(authFetch(API));
    expect(result).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" });
    expect(after).toBeLessThanOrEqual(10_150);
    expect((await outcome(authFetch(API))).result).toBe(200);
  });
});
