// How a flow steps, and what the caller gets.
import { describe, expect, it } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { rejection } from "../fixtures/outcome.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type Sent, wire } from "../fixtures/wire.ts";
import { isAuthError, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

describe.each(flowKinds)("the steps of a flow, as $kind:", ({ scheme }) => {
  const run = async (steps: Steps, next: ReturnType<typeof wire>["next"], init?: RequestInit): Promise<string> => {
    const response = await runFlow(scheme(steps), next)(CALL, init);
    return response.text();
  };

  it("any number of requests goes out, each as it is when it is yielded, and the flow gets each response", async () => {
    const { next, sent } = wire();
    const answers: string[] = [];

    const text = await run(function* (request) {
      for (const nonce of ["1", "2", "3"]) {
        request.headers.set("authorization", nonce);
        const response = yield request;
        answers.push(String(response.status));
      }
    }, next);

    expect(sent.map(({ headers }) => headers["authorization"])).toEqual(["1", "2", "3"]);
    expect(answers).toEqual(["200", "200", "200"]);
    expect(text).toBe("answer 3");
  });

  it("the flow is resumed with the very Response that the fetch inside gave, and so is the caller", async () => {
    const given = new Response("the answer");
    const { next } = wire(() => given);
    let seen: Response | undefined;
    const flow = scheme(function* (request) {
      seen = yield request;
    });

    expect(await runFlow(flow, next)(CALL)).toBe(given);
    expect(seen).toBe(given);
  });

  describe("what the flow returns", () => {
    it("is the caller's Response, where it is one", async () => {
      const { next, sent } = wire();
      const own = new Response("from a cache");
      const flow = scheme(function* () {
        return own;
      });
      expect(await runFlow(flow, next)(CALL)).toBe(own);
      expect(sent).toEqual([]);
    });

    it("may be a response that a side request got", async () => {
      const { next } = wire();
      const text = await run(function* (request) {
        yield request;
        return yield new Request("https://mirror.example.net/call");
      }, next);
      expect(text).toBe("answer 2");
    });

    it("is not followed where it is a redirect that the flow made itself", async () => {
      const { next, sent } = wire();
      const made = new Response(null, { status: 302, headers: { location: "/there" } });
      const flow = scheme(function* () {
        return made;
      });
      expect(await runFlow(flow, next)(CALL)).toBe(made);
      expect(sent).toEqual([]);
    });

    it.each(["text", 200, null, {}])("is passed over where it is no Response: %j", async (value) => {
      const { next } = wire();
      const text = await run(function* (request) {
        yield request;
        return value as unknown as Response;
      }, next);
      expect(text).toBe("answer 1");
    });
  });

  it("a flow that yields nothing is ERR_AUTHFLOW_NO_REQUEST, and nothing goes out", async () => {
    const { next, sent } = wire();
    const error = await rejection(run(function* () {}, next));
    expect(isAuthError(error, "ERR_AUTHFLOW_NO_REQUEST")).toBe(true);
    expect(error.message).toContain('"test"');
    expect(sent).toEqual([]);
  });

  it.each([
    { value: undefined, said: "undefined" },
    { value: null, said: "null" },
    { value: CALL, said: "string" },
    { value: new URL(CALL), said: "object" },
    { value: new Response(), said: "object" },
    { value: [new Request(CALL)], said: "object" },
    { value: () => new Request(CALL), said: "function" },
  ])("a flow that yields $value is ERR_AUTHFLOW_INVALID_REQUEST, which says so", async ({ value, said }) => {
    const { next, sent } = wire();
    const error = await rejection(
      run(function* () {
        yield value as unknown as Request;
      }, next),
    );
    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_REQUEST")).toBe(true);
    expect(error.message).toContain(`"test" gave ${said}`);
    expect(sent).toEqual([]);
  });

  it("20 steps are fine", async () => {
    const { next, sent } = wire();
    const text = await run(function* (request) {
      for (let step = 0; step < 20; step++) yield request;
    }, next);
    expect([sent.length, text]).toEqual([20, "answer 20"]);
  });

  it("side requests count as steps; past 20 it is ERR_AUTHFLOW_TOO_MANY_STEPS, which names the scheme", async () => {
    const { next, sent } = wire();
    const error = await rejection(
      run(function* (request) {
        for (;;) {
          yield new Request(TOKEN);
          yield request;
        }
      }, next),
    );
    expect(isAuthError(error, "ERR_AUTHFLOW_TOO_MANY_STEPS")).toBe(true);
    expect(error.message).toContain('"test"');
    expect(sent).toHaveLength(20);
  });

  it("each flow of a call has its own 20 steps, and each hop of a redirect begins anew", async () => {
    const redirects = (sent: Sent): Response =>
      sent.url === CALL ? new Response(null, { status: 302, headers: { location: "/there" } }) : new Response("there");
    const { next, sent } = wire(...Array.from({ length: 40 }, () => redirects));
    const text = await run(function* (request) {
      for (let step = 0; step < 20; step++) yield request;
    }, next);
    expect([sent.length, text]).toEqual([40, "there"]);
  });

  it("answers are the flow's to judge: 401, 403, 407 and a challenge beside a 200 come back untouched", async () => {
    for (const status of [200, 401, 403, 407]) {
      const given = new Response("as it came", { status, headers: { "www-authenticate": 'Basic realm="x"' } });
      const { next, sent } = wire(() => given);
      const response = await runFlow(
        scheme(function* (request) {
          yield request;
        }),
        next,
      )(CALL);
      expect(response).toBe(given);
      expect(await response.text()).toBe("as it came");
      expect(sent).toHaveLength(1);
    }
  });
});
