import { getEventListeners } from "node:events";
import { stepFlow } from "@authflow/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerIn, asks } from "./fixtures/messages.ts";
import { digest, type DigestOptions } from "./index.ts";

const USER = { username: "user", password: "password123" };
const URL = "https://example.org/";

/** A server whose answers are let go one by one. */
class HeldServer {
  readonly requests: { readonly url: string; readonly isSigned: boolean }[] = [];
  readonly #held: { answer: (response: Response) => void; fail: (reason: unknown) => void; isSigned: boolean }[] = [];

  readonly fetch = (url: string, init?: RequestInit): Promise<Response> => {
    const isSigned = answerIn({ headers: new Headers(init?.headers) }) !== undefined;
    this.requests.push({ url, isSigned });
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(init?.signal?.reason as Error);
      const answer = (response: Response): void => {
        init?.signal?.removeEventListener("abort", abort);
        resolve(response);
      };
      init?.signal?.addEventListener("abort", abort);
      this.#held.push({ answer, fail: reject, isSigned });
    });
  };

  /** Answers what is under way: 401 to those without credentials, 200 to the others. */
  answerAll(unsigned: () => Response = asks): void {
    for (const { answer, isSigned } of this.#held.splice(0)) answer(isSigned ? new Response() : unsigned());
  }

  failFirst(reason: Error): void {
    this.#held.shift()?.fail(reason);
  }

  get signed(): number {
    return this.requests.filter(({ isSigned }) => isSigned).length;
  }
}

/** Lets everything run that waits for nothing but promises. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function burst(server: HeldServer, calls: number, options: Partial<DigestOptions> = {}, first: RequestInit = {}) {
  const authFetch = digest({ ...USER, ...options })(server.fetch);
  return Array.from({ length: calls }, (_, call) => authFetch(`${URL}${call}`, call === 0 ? first : {}));
}

// Time stands still but where a test says otherwise.
describe("calls that are made before the first challenge is there", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => vi.useRealTimers());

  it("wait for the one that was first, which doesn't wait", async () => {
    const server = new HeldServer();
    const calls = burst(server, 100);
    await settle();
    expect(server.requests).toEqual([{ url: `${URL}0`, isSigned: false }]);
    server.answerAll();
    await settle();
    expect([server.requests.length, server.signed]).toEqual([101, 100]);
    server.answerAll();
    expect((await Promise.all(calls)).every(({ status }) => status === 200)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("wait for the challenge only, not until the first call is answered", async () => {
    const server = new HeldServer();
    const calls = burst(server, 3);
    await settle();
    server.answerAll();
    await settle();
    expect(server.signed).toBe(3); // and none of these is answered yet
    server.answerAll();
    await Promise.all(calls);
  });

  it("wait no longer than handshakeTimeout: a slow first response doesn't hold them", async () => {
    const server = new HeldServer();
    const calls = burst(server, 100);
    await vi.advanceTimersByTimeAsync(999);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.requests).toHaveLength(100);
    server.answerAll();
    await settle();
    server.answerAll();
    await Promise.all(calls);
    expect(server.requests).toHaveLength(200);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("wait as long as the option says", async () => {
    const server = new HeldServer();
    const calls = burst(server, 10, { handshakeTimeout: 50 });
    await vi.advanceTimersByTimeAsync(49);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.requests).toHaveLength(10);
    server.answerAll();
    await settle();
    server.answerAll();
    await Promise.all(calls);
  });

  it("don't wait at all with handshakeTimeout 0", async () => {
    const server = new HeldServer();
    const calls = burst(server, 10, { handshakeTimeout: 0 });
    await settle();
    expect(server.requests).toHaveLength(10);
    server.answerAll();
    await settle();
    server.answerAll();
    await Promise.all(calls);
  });

  it("don't wait for a call that has been waiting for longer than that", async () => {
    const server = new HeldServer();
    const authFetch = digest(USER)(server.fetch);
    const first = authFetch(URL);
    await vi.advanceTimersByTimeAsync(5000);
    const second = authFetch(URL);
    await settle();
    expect(server.requests).toHaveLength(2);
    server.answerAll();
    await settle();
    server.answerAll();
    await Promise.all([first, second]);
  });

  it("are led by another one if the first fails, within the time that they have left", async () => {
    const server = new HeldServer();
    const [first, ...others] = burst(server, 100);
    await vi.advanceTimersByTimeAsync(900);
    server.failFirst(new TypeError("fetch failed"));
    await expect(first).rejects.toThrow("fetch failed");
    await settle();
    expect(server.requests).toHaveLength(2); // one more leads
    await vi.advanceTimersByTimeAsync(100);
    expect(server.requests).toHaveLength(100); // and the time is up
    server.answerAll();
    await settle();
    server.answerAll();
    expect((await Promise.all(others)).every(({ status }) => status === 200)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("are led by another one if the first is aborted", async () => {
    const server = new HeldServer();
    const controller = new AbortController();
    const [first, ...others] = burst(server, 100, {}, { signal: controller.signal });
    await settle();
    controller.abort(new Error("not needed any more"));
    await expect(first).rejects.toThrow("not needed any more");
    await settle();
    expect(server.requests).toHaveLength(2);
    server.answerAll();
    await settle();
    server.answerAll();
    expect((await Promise.all(others)).every(({ status }) => status === 200)).toBe(true);
    expect(server.requests).toHaveLength(1 + 100); // the one in vain, one more to be asked, and 99 answers
  });

  it("end at once when they are aborted themselves, and the others don't notice", async () => {
    const server = new HeldServer();
    const authFetch = digest(USER)(server.fetch);
    const leader = authFetch(`${URL}leader`);
    const controller = new AbortController();
    const aborted = authFetch(`${URL}aborted`, { signal: controller.signal });
    const other = authFetch(`${URL}other`);
    await settle();
    controller.abort(new Error("mine"));
    await expect(aborted).rejects.toThrow("mine");
    server.answerAll();
    await settle();
    server.answerAll();
    expect([(await leader).status, (await other).status]).toEqual([200, 200]);
    expect(server.requests.map(({ url }) => url)).not.toContain(`${URL}aborted`);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leave nothing behind at a signal that lives longer than they do", async () => {
    const server = new HeldServer();
    const { signal } = new AbortController();
    const authFetch = digest(USER)(server.fetch);
    const calls = [authFetch(URL), authFetch(URL, { signal })];
    await settle();
    expect(getEventListeners(signal, "abort").length).toBeGreaterThan(0);
    server.answerAll();
    await settle();
    server.answerAll();
    await Promise.all(calls);
    await settle();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("end with the signal's reason in a flow that another drives", async () => {
    const scheme = digest(USER);
    const leader = await stepFlow(scheme, new Request(URL));
    await leader.next();
    const controller = new AbortController();
    await using waiting = await stepFlow(scheme, new Request(URL), { signal: controller.signal });
    const next = waiting.next();
    await settle();
    controller.abort(new Error("mine"));
    await expect(next).rejects.toThrow("mine");
    await leader.close();
  });

  it("go on without waiting once the first was answered without a challenge", async () => {
    const server = new HeldServer();
    const calls = burst(server, 100);
    await settle();
    server.answerAll(() => new Response());
    await settle();
    expect([server.requests.length, server.signed]).toEqual([100, 0]);
    server.answerAll(() => new Response());
    await Promise.all(calls);
  });

  it("don't wait at an origin that has answered without a challenge before", async () => {
    const server = new HeldServer();
    const authFetch = digest(USER)(server.fetch);
    const first = authFetch(URL);
    await settle();
    server.answerAll(() => new Response());
    await first;
    const calls = Array.from({ length: 10 }, () => authFetch(URL));
    await settle();
    expect(server.requests).toHaveLength(11);
    server.answerAll(() => new Response());
    await Promise.all(calls);
  });

  it("don't wait for another origin", async () => {
    const server = new HeldServer();
    const authFetch = digest(USER)(server.fetch);
    const calls = ["https://a.test/", "https://b.test/", "https://a.test:8443/"].map((url) => authFetch(url));
    await settle();
    expect(server.requests).toHaveLength(3);
    server.answerAll(() => new Response());
    await Promise.all(calls);
  });

  it("don't wait for a leader that was left alone: its wait is over by the clock, not by its own code", async () => {
    const server = new HeldServer();
    const scheme = digest(USER);
    // A runtime may end a call with everything that belongs to it; the flow is neither resumed nor returned then.
    const request = new Request(URL);
    const abandoned = scheme as unknown as { asyncAuthFlow(request: Request, context: object): AsyncGenerator };
    await abandoned.asyncAuthFlow(request, {}).next();
    const call = scheme(server.fetch)(URL);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.requests).toHaveLength(1);
    const next = scheme(server.fetch)(URL);
    server.answerAll();
    await settle();
    server.answerAll();
    await Promise.all([call, next]);
  });
});
