// What happens to a request that spends what is good once: a refresh token, or a code.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientSettings } from "./client.ts";
import { createEndpoint } from "./endpoint.ts";
import { held, json, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import type { GrantContext } from "./grant.ts";
import { OAuth2Error } from "./index.ts";
import { refreshing } from "./refresh.ts";
import type { TokenSet } from "./token-set.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const OLD: TokenSet = { accessToken: "a0", refreshToken: "r0", scope: "read" };
const rotated = (): Response => json({ access_token: "a1", token_type: "Bearer", refresh_token: "r1" });

/** A refresh by a transport, and what became of it. */
function refresh(
  transport: (count: number, signal: AbortSignal | undefined) => Response | Promise<Response>,
  { context, ...options }: Partial<ClientSettings> & { readonly context?: Partial<GrantContext> } = {},
): { sent: number; spent: number; aborted: boolean; result: unknown; after: number | undefined } {
  const seen = {
    sent: 0,
    spent: 0,
    aborted: false,
    result: undefined as unknown,
    after: undefined as number | undefined,
  };
  const endpoint = createEndpoint({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", random: () => 1, ...options });
  const send: GrantContext["send"] = async (_request, init) => {
    init?.signal?.addEventListener("abort", () => (seen.aborted = true));
    return transport(++seen.sent, init?.signal ?? undefined);
  };
  const { signal } = new AbortController();
  const spend = async (): Promise<void> => void seen.spent++;
  const call = refreshing(endpoint, {})({ send, signal, deadline: undefined, spend, ...context }, OLD);
  const ended = (result: unknown): void => void Object.assign(seen, { result, after: performance.now() });
  call.then(ended, ended);
  return seen;
}
const never = (): Promise<never> => new Promise(() => {});
const pass = async (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const UNAVAILABLE = { code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" };

describe("a request that spends a refresh token", () => {
  it("has the whole time limit for one attempt: a server that is slow is not asked twice", async () => {
    const answer = held<Response>();
    const server = refresh(() => answer.promise);
    await pass(9000);
    answer.give(rotated());
    await pass(10_000);
    expect(server).toMatchObject({ sent: 1, aborted: false, after: 9000, result: { refreshToken: "r1" } });
  });

  it("goes on after it, since its answer holds the only token that is still good: who waits is none of its business", async () => {
    const answer = held<Response>();
    const server = refresh(() => answer.promise);
    await pass(69_000);
    expect(server).toMatchObject({ sent: 1, aborted: false, result: undefined });
    answer.give(rotated());
    await pass(60_000);
    // As if it had come in time: with what the old tokens say.
    expect(server).toMatchObject({
      sent: 1,
      aborted: false,
      after: 69_000,
      result: { accessToken: "a1", refreshToken: "r1", scope: "read" },
    });
  });

  it("hears a late refusal, too", async () => {
    const answer = held<Response>();
    const server = refresh(() => answer.promise);
    await pass(69_000);
    answer.give(json({ error: "invalid_grant" }, 400));
    await pass(0);
    expect(server.result).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" });
  });

  it("ends a minute after the time limit, whether or not the transport heeds the abort", async () => {
    const server = refresh(never);
    await pass(10_000 + 59_999);
    expect(server).toMatchObject({ aborted: false, result: undefined });
    await pass(1);
    expect(server).toMatchObject({ sent: 1, aborted: true, result: UNAVAILABLE });
  });

  it("ends with the time limit where nobody keeps what comes later", async () => {
    const server = refresh(never, { context: { spend: undefined } });
    await pass(10_000);
    expect(server).toMatchObject({ sent: 1, aborted: true, result: UNAVAILABLE });
  });

  it("is sent only if nothing speaks against it, which is asked before each attempt", async () => {
    const server = refresh((count) => (count === 1 ? json({}, 503) : rotated()));
    await pass(300);
    expect(server).toMatchObject({ sent: 2, spent: 2, result: { refreshToken: "r1" } });
    const lost = new Error("the lock was lost");
    const locked = refresh(rotated, { context: { spend: () => Promise.reject(lost) } });
    await pass(0);
    expect(locked).toMatchObject({ sent: 0, result: lost });
  });

  /** As Node says it. */
  const failing = (message: string, code?: string): Promise<never> =>
    Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) }));

  it.each<[string, () => Response | Promise<Response>]>([
    ["there was no connection (Node)", () => failing("connect ECONNREFUSED 127.0.0.1:443")],
    ["there was none to any address (Node)", () => failing("", "ECONNREFUSED")],
    ["there was no such host (Node)", () => failing("getaddrinfo ENOTFOUND auth.example")],
    ["there was no connection in time (Node)", () => failing("Connect Timeout Error (attempted address: …)")],
    [
      "there was no connection (Bun)",
      () => Promise.reject(new Error("Unable to connect. Is the computer able to access the url?")),
    ],
    [
      "there was no connection (Deno)",
      () =>
        Promise.reject(new TypeError("error sending request: tcp connect error: Connection refused (os error 111)")),
    ],
    ["the server was busy", () => json({}, 429)],
    ["the server was down", () => json({}, 503)],
    ["the server had trouble", () => json({ error: "server_error" }, 500)],
    ["a page came", () => new Response("<h1>Maintenance</h1>")],
  ])("is sent again where it surely wasn't spent: %s", async (_, answer) => {
    const server = refresh((count) => (count === 1 ? answer() : rotated()));
    await pass(300);
    expect(server).toMatchObject({ sent: 2, result: { refreshToken: "r1" } });
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ["the connection broke", () => failing("read ECONNRESET")],
    ["the transport doesn't say why", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["a gateway had no answer in time (RFC 9110 §15.6.5)", () => json({}, 504)],
    [
      "the answer broke off",
      () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) })),
    ],
  ])("is not sent again where it may have been spent: %s", async (_, answer) => {
    const server = refresh((count) => (count === 1 ? answer() : rotated()));
    await pass(10_000);
    expect(server).toMatchObject({ sent: 1, result: UNAVAILABLE });
  });

  it("isn't begun when hardly any time is left, such as behind a lock that was won late", async () => {
    const server = refresh(rotated, { context: { deadline: performance.now() + 999 } });
    await pass(0);
    expect(server).toMatchObject({ sent: 0, result: UNAVAILABLE });
    expect(server.result).toBeInstanceOf(OAuth2Error);
    const inTime = refresh(rotated, { context: { deadline: performance.now() + 1000 } });
    await pass(0);
    expect(inTime).toMatchObject({ sent: 1, result: { refreshToken: "r1" } });
  });

  it("keeps the refresh token that came with a lifetime that is none (RFC 6749 §5.1)", async () => {
    for (const lifetime of ['""', '"soon"', "-1", "1e400", "{}", "[]", "true", "null"]) {
      const text = `{"access_token":"a1","token_type":"Bearer","refresh_token":"r1","expires_in":${lifetime}}`;
      const server = refresh(() => new Response(text));
      await pass(0);
      expect({ lifetime, ...(server.result as TokenSet) }).toMatchObject({
        lifetime,
        refreshToken: "r1",
        expiresAt: undefined,
      });
    }
  });

  it("keeps the old refresh token where the new one is an empty text (RFC 6749 §6)", async () => {
    const server = refresh(() => json({ access_token: "a1", token_type: "Bearer", refresh_token: "" }));
    await pass(0);
    expect(server.result).toMatchObject({ accessToken: "a1", refreshToken: "r0" });
  });
});
