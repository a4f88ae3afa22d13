// A synchronous flow is always finished, too.
import { describe, expect, it } from "vitest";
import { thrown } from "../fixtures/outcome.ts";
import { transport } from "../fixtures/transport.ts";
import { type AuthScheme, exchangesOf, isAuthError, runFlowSync } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

function flow(authFlow: NonNullable<AuthScheme["syncAuthFlow"]>, more?: Partial<AuthScheme>): AuthScheme {
  return { name: "test", authFlow, ...more };
}

describe("the lifetime of a synchronous flow", () => {
  /** A flow whose `finally` is counted. */
  function counted(steps: NonNullable<AuthScheme["syncAuthFlow"]>): { scheme: AuthScheme; finallies: () => number } {
    let finallies = 0;
    const scheme = flow(function* (request, context) {
      try {
        return yield* steps(request, context);
      } finally {
        finallies++;
      }
    });
    return { scheme, finallies: () => finallies };
  }
  const fails = (error: Error) => (): Response => {
    throw error;
  };

  it("ends with finally run once when it ends by itself", () => {
    const { scheme, finallies } = counted(function* (request) {
      yield request;
    });
    runFlowSync(scheme, new Request(CALL), transport().send);
    expect(finallies()).toBe(1);
  });

  it("ends with finally run once when it throws, and the caller gets that very error", () => {
    for (const count of [0, 1, 2]) {
      const error = new Error("this nonce won't do");
      const { send, sent } = transport();
      const { scheme, finallies } = counted(function* (request) {
        for (let step = 0; step < count; step++) yield request;
        throw error;
      });
      expect(thrown(() => runFlowSync(scheme, new Request(CALL), send))).toBe(error);
      expect([finallies(), sent.length]).toEqual([1, count]);
    }
  });

  it("is given the transport's error, and may go on", () => {
    const error = new Error("no connection");
    const { send, sent } = transport(fails(error));
    const caught: unknown[] = [];
    const { scheme, finallies } = counted(function* (request) {
      try {
        yield request;
      } catch (error_) {
        caught.push(error_);
        yield request;
      }
    });

    expect(runFlowSync(scheme, new Request(CALL), send).status).toBe(200);
    expect([caught, sent.length, finallies()]).toEqual([[error], 2, 1]);
  });

  it("gives the transport's error on, with the exchange, when it does not catch it", () => {
    const error = new Error("no connection");
    const { scheme, finallies } = counted(function* (request) {
      yield request;
    });
    expect(thrown(() => runFlowSync(scheme, new Request(CALL), transport(fails(error)).send))).toBe(error);
    expect(finallies()).toBe(1);
    expect(exchangesOf(error)).toEqual([expect.objectContaining({ response: undefined, error })]);
  });

  it("gives the transport's error on when it catches it and has no answer", () => {
    const error = new Error("no connection");
    const { scheme } = counted(function* (request) {
      try {
        yield request;
      } catch {
        // It has nothing to say.
      }
    });
    expect(thrown(() => runFlowSync(scheme, new Request(CALL), transport(fails(error)).send))).toBe(error);
  });

  it("raises its own error with the transport's as cause", () => {
    const error = new Error("no connection");
    const own = new Error("no way to a token");
    const { scheme } = counted(function* (request) {
      try {
        yield request;
      } catch {
        throw own;
      }
    });
    expect(thrown(() => runFlowSync(scheme, new Request(CALL), transport(fails(error)).send))).toBe(own);
    expect(own.cause).toBe(error);
  });

  it("is ended past 20 steps: ERR_AUTHFLOW_TOO_MANY_STEPS, and what it yields on the way out is not sent", () => {
    const { send, sent } = transport();
    const { scheme, finallies } = counted(function* (request) {
      try {
        for (;;) yield request;
      } finally {
        yield new Request(TOKEN);
      }
    });
    const error = thrown(() => runFlowSync(scheme, new Request(CALL), send));
    expect(isAuthError(error, "ERR_AUTHFLOW_TOO_MANY_STEPS")).toBe(true);
    expect(sent.map(({ url }) => url)).toEqual(Array(20).fill(CALL));
    expect(finallies()).toBe(1);
  });

  it("that yields nothing is ERR_AUTHFLOW_NO_REQUEST", () => {
    const { scheme } = counted(function* () {});
    const error = thrown(() => runFlowSync(scheme, new Request(CALL), transport().send));
    expect(isAuthError(error, "ERR_AUTHFLOW_NO_REQUEST")).toBe(true);
  });

  it("that yields what is no Request is ERR_AUTHFLOW_INVALID_REQUEST, and is ended", () => {
    const { scheme, finallies } = counted(function* () {
      yield CALL as unknown as Request;
    });
    const error = thrown(() => runFlowSync(scheme, new Request(CALL), transport().send));
    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_REQUEST")).toBe(true);
    expect(finallies()).toBe(1);
  });

  it("is given ERR_AUTHFLOW_INVALID_RESPONSE where the transport gives no Response, a promise for one too", () => {
    for (const value of ["ok", undefined, Promise.resolve(new Response())]) {
      const { scheme, finallies } = counted(function* (request) {
        yield request;
      });
      const error = thrown(() => runFlowSync(scheme, new Request(CALL), () => value as unknown as Response));
      expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_RESPONSE")).toBe(true);
      expect(finallies()).toBe(1);
    }
  });

  it("refuses what is no scheme at once, before anything is sent", () => {
    const { send, sent } = transport();
    const error = thrown(() => runFlowSync({ name: "empty" }, new Request(CALL), send));
    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_SCHEME")).toBe(true);
    expect(sent).toEqual([]);
  });
});
