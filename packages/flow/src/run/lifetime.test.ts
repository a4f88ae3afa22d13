// DESIGN promise 2: the generator is always finished, whatever becomes of the call.
import { describe, expect, it, vi } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { rejection, settled } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, InvalidRequestError, InvalidResponseError, NoRequestError } from "../index.ts";
import { runFlow, TooManyStepsError } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

type Next = (input: string, init?: RequestInit) => Promise<Response>;

expectAllHandled();

/** A fetch of which each request is seen, answered by one function after the other. */
function wire(...answers: (() => Response | Promise<Response>)[]) {
  const sent: string[] = [];
  const next: Next = async (input) => {
    const index = sent.push(new URL(input).pathname) - 1;
    return answers[index]?.() ?? new Response("ok");
  };
  return { next, sent };
}

/** A response of which it is seen whether it was let go. */
function watched(status = 200): { response: Response; cancelled: () => boolean } {
  let cancelled = false;
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: () => void (cancelled = true),
  });
  return { response: new Response(body, { status }), cancelled: () => cancelled };
}

const fails = (error: Error) => async (): Promise<Response> => {
  throw error;
};

describe.each(flowKinds)("the lifetime of a flow, as $kind", ({ scheme }) => {
  /** A flow whose `finally` is counted. */
  function counted(steps: Steps): { flow: AuthScheme; finallies: () => number } {
    let finallies = 0;
    const flow = scheme(function* (request, context) {
      try {
        return yield* steps(request, context);
      } finally {
        finallies++;
      }
    });
    return { flow, finallies: () => finallies };
  }

  describe("ends with finally run once", () => {
    it("when it ends by itself, and the caller gets the last response", async () => {
      const { next, sent } = wire();
      const { flow, finallies } = counted(function* (request) {
        yield request;
        yield request;
      });

      const response = await runFlow(flow, next)(CALL);

      expect(await response.text()).toBe("ok");
      expect([finallies(), sent.length]).toEqual([1, 2]);
    });

    it("when it returns a Response of its own, and the response before is let go", async () => {
      const first = watched();
      const { next } = wire(() => first.response);
      const own = new Response("from a cache");
      const { flow, finallies } = counted(function* (request) {
        yield request;
        return own;
      });

      expect(await runFlow(flow, next)(CALL)).toBe(own);
      expect([finallies(), first.cancelled()]).toEqual([1, true]);
    });

    it("when it throws before its first step: the caller gets that very error, and nothing was sent", async () => {
      const error = new Error("no token");
      const { next, sent } = wire();
      const { flow, finallies } = counted(function* () {
        throw error;
      });

      expect(await rejection(runFlow(flow, next)(CALL))).toBe(error);
      expect([finallies(), sent]).toEqual([1, []]);
    });

    it.each([1, 2, 3])(
      "when it throws after step %i: the caller gets that very error, the response is let go",
      async (count) => {
        const error = new Error("this nonce won't do");
        const responses = Array.from({ length: count }, () => watched(401));
        const { next, sent } = wire(
          ...responses.map(
            ({ response }) =>
              () =>
                response,
          ),
        );
        const { flow, finallies } = counted(function* (request) {
          for (let step = 0; step < count; step++) yield request;
          throw error;
        });

        expect(await rejection(runFlow(flow, next)(CALL))).toBe(error);
        expect([finallies(), sent.length]).toEqual([1, count]);
        expect(responses.map(({ cancelled }) => cancelled())).toEqual(responses.map(() => true));
        expect(error.cause).toBeUndefined();
      },
    );

    it("when the transport fails: the caller gets the transport's error", async () => {
      const error = new TypeError("fetch failed");
      const { next, sent } = wire(fails(error));
      const { flow, finallies } = counted(function* (request) {
        yield request;
      });

      expect(await rejection(runFlow(flow, next)(CALL))).toBe(error);
      expect([finallies(), sent.length]).toEqual([1, 1]);
    });

    it("when the transport throws at once instead of rejecting", async () => {
      const error = new TypeError("no such host");
      const { flow, finallies } = counted(function* (request) {
        yield request;
      });
      const throws: Next = () => {
        throw error;
      };

      expect(await rejection(runFlow(flow, throws)(CALL))).toBe(error);
      expect(finallies()).toBe(1);
    });

    it("when the transport gives no Response", async () => {
      const { next } = wire(() => "ok" as unknown as Response);
      const { flow, finallies } = counted(function* (request) {
        yield request;
      });

      expect(await rejection(runFlow(flow, next)(CALL))).toBeInstanceOf(InvalidResponseError);
      expect(finallies()).toBe(1);
    });

    it("when it yields nothing", async () => {
      const { flow, finallies } = counted(function* () {});

      expect(await rejection(runFlow(flow, wire().next)(CALL))).toBeInstanceOf(NoRequestError);
      expect(finallies()).toBe(1);
    });

    it.each([undefined, null, CALL, 401, {}, new Response(), Promise.resolve()])(
      "when it yields what is no Request: %s",
      async (value) => {
        const { next, sent } = wire();
        const { flow, finallies } = counted(function* (request) {
          yield request;
          yield value as Request;
        });

        expect(await rejection(runFlow(flow, next)(CALL))).toBeInstanceOf(InvalidRequestError);
        expect([finallies(), sent.length]).toEqual([1, 1]);
      },
    );

    it("when it goes on past the 20th step: it is told nothing, and sends nothing more", async () => {
      const { next, sent } = wire();
      const caught: unknown[] = [];
      const { flow, finallies } = counted(function* (request) {
        try {
          for (;;) yield request;
        } catch (error) {
          caught.push(error);
        }
      });

      expect(await rejection(runFlow(flow, next)(CALL))).toBeInstanceOf(TooManyStepsError);
      expect([finallies(), sent.length, caught]).toEqual([1, 20, []]);
    });
  });

  describe("is given a transport error at its yield, and", () => {
    it("may go on with another request", async () => {
      const error = new TypeError("fetch failed");
      const { next, sent } = wire(fails(error));
      const caught: unknown[] = [];
      const { flow, finallies } = counted(function* (request) {
        try {
          yield request;
        } catch (error_) {
          caught.push(error_);
          yield request;
        }
      });

      const response = await runFlow(flow, next)(CALL);

      expect(await response.text()).toBe("ok");
      expect([caught, sent.length, finallies()]).toEqual([[error], 2, 1]);
    });

    it("may fall back to another token endpoint", async () => {
      const { next, sent } = wire(fails(new TypeError("fetch failed")), () => new Response("token"));
      const { flow } = counted(function* (request) {
        try {
          yield new Request(TOKEN);
        } catch {
          yield new Request(`${TOKEN}-2`);
        }
        yield request;
      });

      await runFlow(flow, next)(CALL);

      expect(sent).toEqual(["/token", "/token-2", "/call"]);
    });

    it("may return a Response instead", async () => {
      const own = new Response("stale, but there");
      const { flow, finallies } = counted(function* (request) {
        try {
          yield request;
        } catch {
          return own;
        }
        return undefined;
      });

      expect(await runFlow(flow, wire(fails(new TypeError("fetch failed"))).next)(CALL)).toBe(own);
      expect(finallies()).toBe(1);
    });

    it("gives it on when it catches it and ends without an answer", async () => {
      const error = new TypeError("fetch failed");
      const { flow } = counted(function* (request) {
        try {
          yield request;
        } catch {
          // It has nothing to say.
        }
      });

      expect(await rejection(runFlow(flow, wire(fails(error)).next)(CALL))).toBe(error);
    });

    it("gives it on even after an earlier response, which is gone", async () => {
      const error = new TypeError("fetch failed");
      const { flow } = counted(function* (request) {
        yield request;
        try {
          yield request;
        } catch {
          // It has nothing to say.
        }
      });

      expect(await rejection(runFlow(flow, wire(() => new Response("old"), fails(error)).next)(CALL))).toBe(error);
    });

    it("keeps the call's response when only a side request failed", async () => {
      const { next } = wire(() => new Response("the answer"), fails(new TypeError("fetch failed")));
      const { flow } = counted(function* (request) {
        yield request;
        try {
          yield new Request(TOKEN);
        } catch {
          // The next call will see to it.
        }
      });

      expect(await (await runFlow(flow, next)(CALL)).text()).toBe("the answer");
    });

    it("raises its own error with that one as cause", async () => {
      const error = new TypeError("fetch failed");
      const own = new Error("no way to a token");
      const { flow } = counted(function* (request) {
        try {
          yield request;
        } catch {
          throw own;
        }
      });

      expect(await rejection(runFlow(flow, wire(fails(error)).next)(CALL))).toBe(own);
      expect(own.cause).toBe(error);
    });

    it("keeps the cause that its own error has", async () => {
      const cause = new Error("the cause");
      const own = new Error("no way to a token", { cause });
      const { flow } = counted(function* (request) {
        try {
          yield request;
        } catch {
          throw own;
        }
      });

      expect(await rejection(runFlow(flow, wire(fails(new TypeError("fetch failed"))).next)(CALL))).toBe(own);
      expect(own.cause).toBe(cause);
    });

    it("may raise a frozen error, which stays as it is", async () => {
      const own: Error = Object.freeze(new Error("no way to a token"));
      const { flow } = counted(function* (request) {
        try {
          yield request;
        } catch {
          throw own;
        }
      });

      expect(await rejection(runFlow(flow, wire(fails(new TypeError("fetch failed"))).next)(CALL))).toBe(own);
      expect(own.cause).toBeUndefined();
    });

    it("that it has got over is no cause of a later error", async () => {
      const own = new Error("something else");
      const { flow } = counted(function* (request) {
        try {
          yield request;
        } catch {
          yield request;
        }
        throw own;
      });

      expect(await rejection(runFlow(flow, wire(fails(new TypeError("fetch failed"))).next)(CALL))).toBe(own);
      expect(own.cause).toBeUndefined();
    });
  });

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

      expect(sent).toEqual(Array(20).fill("/call"));
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

      expect(sent).toEqual(Array(20).fill("/call"));
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

  it("runs nothing of a flow after its call has ended", async () => {
    const { flow, finallies } = counted(function* (request) {
      yield request;
    });
    const authFetch = runFlow(flow, wire().next);

    await Promise.all([authFetch(CALL), authFetch(CALL), authFetch(CALL)]);
    await settled();

    expect(finallies()).toBe(3);
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
    expect(sent).not.toContain("/token");
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
