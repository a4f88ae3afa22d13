// An async flow that waits for its own promise is finished when its wait ends; others wait on.
import { describe, expect, it } from "vitest";
import { deferred, rejection, settled } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { waiting } from "../fixtures/waiting.ts";
import { type AuthScheme, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

describe("an async flow that waits for a promise of its own", () => {
  it("can't be interrupted: the call rejects at once, and the flow is finished when its wait ends", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const asleep = deferred();
    const wait = deferred();
    const notes: string[] = [];
    const { next, sent } = waiting({ honours: true });
    const waits: AuthScheme = {
      name: "waits",
      async *authFlow(request) {
        try {
          asleep.resolve();
          await wait.promise;
          notes.push("woke");
          yield request;
          notes.push("went on");
        } finally {
          notes.push("finally");
        }
      },
    };

    const call = rejection(runFlow(waits, next)(CALL, { signal: controller.signal }));
    await asleep.promise;
    controller.abort(reason);

    expect(await call).toBe(reason);
    expect(notes).toEqual([]);
    wait.resolve();
    await settled();
    expect([notes, sent]).toEqual([["woke", "finally"], []]);
  });

  it("whose wait fails after the abort harms nobody", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const asleep = deferred();
    const wait = deferred();
    const waits: AuthScheme = {
      name: "waits",
      async *authFlow(request) {
        asleep.resolve();
        await wait.promise;
        yield request;
      },
    };

    const call = rejection(runFlow(waits, waiting({ honours: true }).next)(CALL, { signal: controller.signal }));
    await asleep.promise;
    controller.abort(reason);
    expect(await call).toBe(reason);
    wait.reject(new Error("no token"));
    await settled();
  });

  it("is finished at once where it watches context.signal", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const asleep = deferred();
    const notes: string[] = [];
    const watches: AuthScheme = {
      name: "watches",
      async *authFlow(request, { signal }) {
        try {
          asleep.resolve();
          await new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(signal.reason as Error));
          });
          yield request;
        } finally {
          notes.push("finally");
        }
      },
    };

    const call = rejection(runFlow(watches, waiting({ honours: true }).next)(CALL, { signal: controller.signal }));
    await asleep.promise;
    controller.abort(reason);
    expect(await call).toBe(reason);
    await settled();
    expect(notes).toEqual(["finally"]);
  });
});

describe("context.send", () => {
  it("is not tied to the signal of the call: the call rejects at once, the side request lives on for others", async () => {
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const { next, sent, signals, reached, resolve } = waiting({ honours: true });
    let token: Promise<Response> | undefined;
    const refreshes: AuthScheme = {
      name: "refreshes",
      async *authFlow(request, context) {
        token = context.send(new Request(TOKEN));
        await token;
        yield request;
      },
    };

    const call = rejection(runFlow(refreshes, next)(CALL, { signal: controller.signal }));
    await reached;
    controller.abort(reason);
    expect(await call).toBe(reason);
    resolve(new Response("token"));

    expect(await (await token)?.text()).toBe("token");
    expect([sent, signals]).toEqual([["/token"], [undefined]]);
  });

  it("takes a signal of its own", async () => {
    const own = new AbortController();
    const reason = new Error("the token takes too long");
    const { next, signals, reached } = waiting({ honours: false });
    const impatient: AuthScheme = {
      name: "impatient",
      async *authFlow(request, context) {
        await context.send(new Request(TOKEN), { signal: own.signal });
        yield request;
      },
    };

    const call = rejection(runFlow(impatient, next)(CALL));
    await reached;
    own.abort(reason);

    expect(await call).toBe(reason);
    expect(signals).toEqual([own.signal]);
  });
});
