// The generator is always finished, whatever becomes of the call.
import { describe, expect, it } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { rejection, settled } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { wire } from "../fixtures/wire.ts";
import {
  type AuthScheme,
  InvalidRequestError,
  InvalidResponseError,
  NoRequestError,
  runFlow,
  TooManyStepsError,
} from "../index.ts";

const CALL = "https://example.com/call";

type Next = (input: string, init?: RequestInit) => Promise<Response>;

expectAllHandled();

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

      expect(await response.text()).toBe("answer 2");
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
