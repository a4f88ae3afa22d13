import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it, vi } from "vitest";
import { refusal } from "./fixtures/messages.ts";
import { bearer, type TokenSource } from "./index.ts";

const TARGET = "https://example.com/";

/** A function that fails with one error after the other, each of its own. */
function failing(): { source: ReturnType<typeof vi.fn<TokenSource>>; errors: Error[] } {
  const errors: Error[] = [];
  const source = vi.fn<TokenSource>(async () => {
    const error = new Error(`failure ${errors.length + 1}`);
    errors.push(error);
    throw error;
  });
  return { source, errors };
}

describe("a function that fails", () => {
  it.each([
    ["one second", {}, 1000],
    ["`backOff` milliseconds", { backOff: 50 }, 50],
  ])("isn't asked again for %s; calls get its error at once, and nothing is sent", async (_, options, backOff) => {
    let time = 5;
    const { source, errors } = failing();
    const fetch = scriptedFetch([]);
    const authFetch = bearer(source, { ...options, now: () => time })(fetch);
    const first: unknown = await authFetch(TARGET).catch((error: unknown) => error);
    expect(first).toBe(errors[0]);
    for (time of [5, 5 + backOff - 1]) await expect(authFetch(TARGET)).rejects.toBe(first);
    expect(source).toHaveBeenCalledTimes(1);
    for (time of [5 + backOff, 5 + 2 * backOff - 1]) {
      await expect(authFetch(TARGET)).rejects.toThrow("failure 2");
    }
    expect(source).toHaveBeenCalledTimes(2);
    fetch.done();
  });

  it("is asked by each call with a `backOff` of 0", async () => {
    const { source } = failing();
    const authFetch = bearer(source, { backOff: 0, now: () => 0 })(scriptedFetch([]));
    for (let call = 1; call < 4; call++) await expect(authFetch(TARGET)).rejects.toThrow(`failure ${call}`);
  });

  it("is never asked again with an infinite one", async () => {
    let time = 0;
    const { source } = failing();
    const authFetch = bearer(source, { backOff: Infinity, now: () => time })(scriptedFetch([]));
    for (time of [0, Number.MAX_VALUE]) await expect(authFetch(TARGET)).rejects.toThrow("failure 1");
    expect(source).toHaveBeenCalledTimes(1);
  });

  it("backs off as long when it has given what is no token", async () => {
    const source = vi.fn<TokenSource>(() => "no token");
    const authFetch = bearer(source, { now: () => 0 })(scriptedFetch([]));
    for (let call = 0; call < 2; call++) {
      await expect(authFetch(TARGET)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" });
    }
    expect(source).toHaveBeenCalledTimes(1);
  });

  it("backs off for one origin: another one asks", async () => {
    const { source } = failing();
    source.mockRejectedValueOnce(new Error("a fails")).mockResolvedValueOnce("b1");
    const fetch = scriptedFetch([{ expect: { origin: "https://b.test", authorization: "Bearer b1" }, reply: {} }]);
    const authFetch = bearer(source, { now: () => 0 })(fetch);
    await expect(authFetch("https://a.test/")).rejects.toThrow("a fails");
    await authFetch("https://b.test/");
    await expect(authFetch("https://a.test/")).rejects.toThrow("a fails");
    fetch.done();
  });

  it("has no failure left once it has given a token, which is asked for anew when it is refused", async () => {
    let time = 0;
    const source = vi.fn<TokenSource>().mockRejectedValueOnce(new Error("failure"));
    for (const token of ["t1", "t2"]) source.mockResolvedValueOnce(token);
    const fetch = scriptedFetch([
      { expect: { authorization: "Bearer t1" }, reply: refusal() },
      { expect: { authorization: "Bearer t2" }, reply: {} },
    ]);
    const authFetch = bearer(source, { now: () => time })(fetch);
    await expect(authFetch(TARGET)).rejects.toThrow("failure");
    time = 1000;
    const call = authFetch(TARGET);
    time = 0; // a clock that goes back, too
    expect((await call).status).toBe(200);
    fetch.done();
  });

  it("backs off by a clock that nobody sets, without `now`", async () => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    try {
      const { source } = failing();
      const authFetch = bearer(source)(scriptedFetch([]));
      await expect(authFetch(TARGET)).rejects.toThrow("failure 1");
      vi.setSystemTime(Date.now() + 3_600_000); // the wall clock is no measure
      await expect(authFetch(TARGET)).rejects.toThrow("failure 1");
      vi.advanceTimersByTime(1000);
      await expect(authFetch(TARGET)).rejects.toThrow("failure 2");
    } finally {
      vi.useRealTimers();
    }
  });
});
