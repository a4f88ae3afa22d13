// A transport error is thrown at the yield, so the flow may recover.
import { describe, expect, it } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { rejection } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { wire } from "../fixtures/wire.ts";
import { type AuthScheme, runFlow } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

expectAllHandled();

const fails = (error: Error) => async (): Promise<Response> => {
  throw error;
};

describe.each(flowKinds)("a flow, as $kind,", ({ scheme }) => {
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

      expect(await response.text()).toBe("answer 2");
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

      expect(sent.map(({ url }) => url)).toEqual([TOKEN, `${TOKEN}-2`, CALL]);
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
});
