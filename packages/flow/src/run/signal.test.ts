// The signal goes to next's init at every step, never into a new Request.
import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { rejection, settled } from "../fixtures/outcome.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";

type Next = (input: string, init?: RequestInit) => Promise<Response>;

describe("the signal of a call", () => {
  const flow: AuthScheme = {
    name: "twice",
    *authFlow(request) {
      yield request;
      yield request;
    },
  };

  /** A fetch that keeps the signal of each init. */
  function signalled() {
    const signals: unknown[] = [];
    const next = async (_: unknown, init?: RequestInit): Promise<Response> => {
      signals.push(init?.signal);
      return new Response("ok");
    };
    return { next, signals };
  }

  it("goes into the init of every step as it is", async () => {
    const { signal } = new AbortController();
    const { next, signals } = signalled();
    await runFlow(flow, next)(CALL, { signal });
    expect(signals).toEqual([signal, signal]);
    expect(signals[0]).toBe(signal);
  });

  it("that stands in a Request is heeded, and goes into init, never into a Request that is made", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const given = new Request(CALL, { signal: controller.signal });
    const inputs: Request[] = [];
    const next = async (input: Request, init?: RequestInit): Promise<Response> => {
      inputs.push(input);
      expect(init?.signal).toBe(given.signal);
      if (inputs.length === 2) controller.abort(reason);
      return new Response("ok");
    };

    expect(await rejection(runFlow(flow, next)(given))).toBe(reason);
    expect(inputs.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it("in init goes before the one in the Request, and null takes the Request out of its reach", async () => {
    const aborted = new Request(CALL, { signal: AbortSignal.abort(new Error("too late")) });
    const { signal } = new AbortController();
    const { next, signals } = signalled();

    await runFlow(flow, next)(aborted, { signal });
    await runFlow(flow, next)(aborted, { signal: null });

    expect(signals.slice(0, 2)).toEqual([signal, signal]);
    expect(signals.slice(2).every((given) => given === null || given === undefined)).toBe(true);
  });

  it("is the flow's context.signal", async () => {
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    const looks: AuthScheme = {
      name: "looks",
      *authFlow(request, context) {
        seen.push(context.signal);
        yield request;
      },
    };
    await runFlow(looks, signalled().next)(CALL, { signal });
    await runFlow(looks, signalled().next)(CALL);
    expect(seen).toEqual([signal, undefined]);
  });

  it("keeps no listener of a call that has ended, however it ended", async () => {
    const { signal } = new AbortController();
    const { next } = signalled();
    const failing: Next = () => Promise.reject(new TypeError("fetch failed"));
    for (let round = 0; round < 20; round++) {
      await runFlow(flow, next)(CALL, { signal });
      await runFlow(flow, next)(CALL, upload("body", { signal }));
      await rejection(runFlow(flow, failing)(CALL, { signal }));
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("keeps no listener of an upload that has ended", async () => {
    const { signal } = new AbortController();
    const reads = async (_: unknown, init?: RequestInit): Promise<Response> => {
      await new Response(init?.body ?? null).arrayBuffer();
      return new Response("ok");
    };
    const readsLater = async (_: unknown, init?: RequestInit): Promise<Response> => {
      void setImmediate().then(() => new Response(init?.body ?? null).arrayBuffer());
      return new Response("ok");
    };
    const stream = (): ReadableStream => new Blob(["body"]).stream();
    const once: AuthScheme = {
      name: "once",
      *authFlow(request) {
        yield request;
      },
    };

    await runFlow(once, reads)(CALL, upload(stream(), { signal }));
    await runFlow(once, readsLater)(CALL, upload(stream(), { signal }));
    await settled();
    await settled();

    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
