import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { deferred, rejection } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { waitFor } from "../index.ts";

expectAllHandled();

const never = new Promise<string>(() => {});
const signal = (): AbortSignal => new AbortController().signal;

describe("a wait", () => {
  it("gives what comes, and throws what fails", async () => {
    const error = new Error("nothing came");
    expect(await waitFor(Promise.resolve("it"))).toBe("it");
    expect(await waitFor(Promise.resolve("it"), { signal: signal(), timeLimit: 60_000 })).toBe("it");
    expect(await rejection(waitFor(Promise.reject(error), { signal: signal(), timeLimit: 60_000 }))).toBe(error);
  });

  it("ends with nothing once the time limit is over", async () => {
    expect(await waitFor(never, { timeLimit: 1 })).toBeUndefined();
    expect(await waitFor(never, { timeLimit: 0, signal: signal() })).toBeUndefined();
  });

  it.each([{}, { timeLimit: 60_000 }])(
    "ends with the reason when the signal aborts, before or meanwhile (%j)",
    async (limits) => {
      const reason = new Error("the caller left");
      const controller = new AbortController();
      const waiting = rejection(waitFor(never, { ...limits, signal: controller.signal }));
      controller.abort(reason);
      expect(await waiting).toBe(reason);
      expect(await rejection(waitFor(Promise.resolve("it"), { ...limits, signal: controller.signal }))).toBe(reason);
    },
  );

  it("harms nothing that goes on: what comes later reaches others", async () => {
    const { promise, resolve } = deferred<string>();
    const short = waitFor(promise, { timeLimit: 1 });
    const long = waitFor(promise, { timeLimit: 60_000 });
    expect(await short).toBeUndefined();
    resolve("it");
    expect(await long).toBe("it");
  });

  it("has no end where the time limit is longer than any timer", async () => {
    const { promise, resolve } = deferred<string>();
    const waits = [Infinity, 2 ** 31].map((timeLimit) => waitFor(promise, { timeLimit }));
    await waitFor(never, { timeLimit: 5 }); // a timer takes 1 for what it can't take
    resolve("it");
    expect(await Promise.all(waits)).toEqual(["it", "it"]);
  });

  it("leaves no unhandled rejection of what fails after it, or when it never began", async () => {
    const { promise, reject } = deferred<string>();
    expect(await waitFor(promise, { timeLimit: 1 })).toBeUndefined();
    reject(new Error("too late"));
    const reason = new Error("the caller left");
    const left = { signal: AbortSignal.abort(reason) };
    expect(await rejection(waitFor(Promise.reject(new Error("nothing came")), left))).toBe(reason);
  });

  it("leaves no listener behind, whichever way it ends", async () => {
    const controller = new AbortController();
    const limits = { signal: controller.signal };
    await waitFor(Promise.resolve(), limits);
    await rejection(waitFor(Promise.reject(new Error("nothing came")), limits));
    await waitFor(never, { ...limits, timeLimit: 1 });
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    const last = rejection(waitFor(never, limits));
    controller.abort();
    await last;
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});
