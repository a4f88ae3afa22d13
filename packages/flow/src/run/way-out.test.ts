// What a flow yields on its way out is not sent.
import { describe, expect, it, vi } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { rejection, settled } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { wire } from "../fixtures/wire.ts";
import { type AuthScheme, runFlow, TooManyStepsError } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

expectAllHandled();

describe.each(flowKinds)("a flow that is ended, as $kind:", ({ scheme }) => {
  describe("what a flow yields or throws on its way out", () => {
    /** Goes past the step limit, so that the runner has to end it. */
    const endless = (cleanUp: Steps): AuthScheme =>
      scheme(function* (request, context) {
        try {
          for (;;) yield request;
        } finally {
          yield* cleanUp(request, context);
        }
      });

    it("is not sent; the flow is left at that yield, as return() leaves any generator", async () => {
      const { next, sent } = wire();
      const reached: string[] = [];
      const flow = endless(function* () {
        reached.push("finally");
        yield new Request(TOKEN);
        reached.push("behind the yield");
      });

      expect(await rejection(runFlow(flow, next)(CALL))).toBeInstanceOf(TooManyStepsError);
      await settled();

      expect(sent.map(({ url }) => url)).toEqual(Array(20).fill(CALL));
      expect(reached).toEqual(["finally"]);
    });

    it("on several floors is not sent either, and each floor is left in its turn", async () => {
      const { next, sent } = wire();
      const reached: string[] = [];
      const flow = scheme(function* (request) {
        try {
          try {
            try {
              try {
                for (;;) yield request;
              } finally {
                yield new Request(TOKEN);
              }
            } finally {
              yield new Request(TOKEN);
            }
          } finally {
            yield new Request(TOKEN);
          }
        } finally {
          reached.push("the last finally");
        }
      });

      expect(await rejection(runFlow(flow, next)(CALL))).toBeInstanceOf(TooManyStepsError);
      await settled();

      expect(sent.map(({ url }) => url)).toEqual(Array(20).fill(CALL));
      expect(reached).toEqual(["the last finally"]);
    });

    it("without end is left alone, and the call ends", async () => {
      const { next, sent } = wire();
      const stubborn = scheme(function* (request) {
        for (;;) {
          try {
            for (;;) yield request;
          } finally {
            // oxlint-disable-next-line no-unsafe-finally -- the worst that a flow can do
            continue;
          }
        }
      });

      expect(await rejection(runFlow(stubborn, next)(CALL))).toBeInstanceOf(TooManyStepsError);
      await settled();
      expect(sent).toHaveLength(20);
    });

    it("is not the caller's error: that is why the flow was ended", async () => {
      const flow = endless(function* () {
        throw new Error("from a finally");
      });

      expect(await rejection(runFlow(flow, wire().next)(CALL))).toBeInstanceOf(TooManyStepsError);
    });
  });
});

describe("a flow that is no generator of the language", () => {
  /** What a compiler for older runtimes, or a hand-written iterator, gives. */
  function made(end: () => unknown): AuthScheme {
    return {
      name: "made",
      // An iterator has all that the runner asks for.
      authFlow: (request) =>
        ({
          next: () => ({ done: false, value: request }),
          throw: (error: unknown) => {
            throw error;
          },
          return: end,
        }) as unknown as ReturnType<NonNullable<AuthScheme["authFlow"]>>,
    };
  }

  it.each([
    {
      how: "throws",
      end: () => {
        throw new Error("from return()");
      },
    },
    { how: "rejects", end: () => Promise.reject(new Error("from return()")) },
    { how: "never ends", end: () => ({ done: false, value: new Request(TOKEN) }) },
    { how: "never ends, asynchronously", end: async () => ({ done: false, value: new Request(TOKEN) }) },
  ])("whose return() $how harms no call", async ({ end }) => {
    const { next, sent } = wire();
    const returned = vi.fn(end);

    const error = await rejection(runFlow(made(returned), next)(CALL));
    await settled();

    expect(error).toBeInstanceOf(TooManyStepsError);
    expect(sent.map(({ url }) => url)).not.toContain(TOKEN);
    expect(returned).toHaveBeenCalled();
  });
});

describe("an async flow", () => {
  it("may throw after a wait of its own", async () => {
    const error = new Error("no token");
    const flow: AuthScheme = {
      name: "waits",
      async *authFlow(request) {
        await Promise.resolve();
        yield request;
        await Promise.reject(error);
      },
    };

    expect(await rejection(runFlow(flow, wire().next)(CALL))).toBe(error);
  });

  it("that is ended runs its finally before the caller gets the error", async () => {
    const order: string[] = [];
    const flow: AuthScheme = {
      name: "tidy",
      async *authFlow(request) {
        try {
          for (;;) yield request;
        } finally {
          await settled();
          order.push("finally");
        }
      },
    };

    await rejection(runFlow(flow, wire().next)(CALL)).then(() => order.push("caller"));

    expect(order).toEqual(["finally", "caller"]);
  });
});
