// DESIGN promise 1: what a flow may yield, what goes out for it, and what the caller gets.
import * as undici from "undici";
import { describe, expect, it } from "vitest";
import { flowKinds, type Steps } from "../fixtures/kinds.ts";
import { rejection } from "../fixtures/outcome.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { defineScheme, exchangesOf, historyOf, isAuthError, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";
const ELSEWHERE = "https://login.example.net/token";

/** A request as it went out. */
interface Sent {
  readonly method: string;
  readonly url: string;
  readonly redirect: RequestRedirect;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A fetch that keeps what goes out, answered by one function after the other. */
function wire(...answers: ((sent: Sent) => Response)[]) {
  const sent: Sent[] = [];
  const next = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { method, url, redirect, headers } = request;
    const body = await request.text();
    const one = { method, url, redirect, headers: Object.fromEntries(headers), body };
    const index = sent.push(one) - 1;
    return answers[index]?.(one) ?? new Response(`answer ${index + 1}`);
  };
  return { next, sent, lines: () => sent.map(({ method, url, body }) => `${method} ${url} ${body}`.trim()) };
}

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

  describe("the request that the flow is given", () => {
    it("has the method, URL and headers of the call, and no body: that stays with the runner", async () => {
      const { next } = wire();
      const seen: unknown[] = [];

      await run(
        function* (request) {
          seen.push([request.method, request.url, request.headers.get("x-given"), request.body, request.redirect]);
          yield request;
        },
        next,
        { method: "PUT", body: "the body", headers: { "x-given": "1" } },
      );

      expect(seen).toEqual([["PUT", CALL, "1", null, "manual"]]);
    });

    it("is the call's own: it goes out with the call's body", async () => {
      const { next, lines } = wire();
      await run(
        function* (request) {
          yield request;
          yield request;
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`POST ${CALL} the body`, `POST ${CALL} the body`]);
    });
  });

  describe("a request that is derived from it", () => {
    it.each([
      { how: "with other headers", derive: (request: Request) => new Request(request, { headers: { "x-a": "1" } }) },
      { how: "as a clone", derive: (request: Request) => request.clone() },
      { how: "as a copy of a copy", derive: (request: Request) => new Request(new Request(request)) },
      { how: "from its URL, in its image", derive: (request: Request) => new Request(CALL, request) },
    ])("is the call's own, with the call's body: $how", async ({ derive }) => {
      const { next, sent, lines } = wire();

      const text = await run(
        function* (request) {
          yield request;
          yield derive(request);
        },
        next,
        { method: "POST", body: streamOf([new TextEncoder().encode("the body")]), duplex: "half" } as RequestInit,
      );

      expect(lines()).toEqual([`POST ${CALL} the body`, `POST ${CALL} the body`]);
      expect(text).toBe("answer 2");
      expect(sent[1]?.redirect).toBe("manual");
    });

    it("keeps the method that the flow gave it", async () => {
      const { next, lines } = wire();
      await run(
        function* (request) {
          yield new Request(request, { method: "PATCH" });
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`PATCH ${CALL} the body`]);
    });

    it("may go to another URL: the body goes along, and the caller gets the answer", async () => {
      const { next, lines } = wire();
      const text = await run(
        function* (request) {
          yield request;
          yield new Request("https://example.com/moved?signature=1", request);
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`POST ${CALL} the body`, "POST https://example.com/moved?signature=1 the body"]);
      expect(text).toBe("answer 2");
    });

    it("is sent with the body that the flow gave it instead", async () => {
      const { next, lines } = wire();
      await run(
        function* (request) {
          yield new Request(request, { method: "POST", body: "signed: the body" });
          yield request;
        },
        next,
        { method: "POST", body: "the body" },
      );
      expect(lines()).toEqual([`POST ${CALL} signed: the body`, `POST ${CALL} the body`]);
    });

    it("is of the caller's concern, so its redirects are followed", async () => {
      const { next, lines } = wire(() => new Response(null, { status: 302, headers: { location: "/there" } }));
      await run(function* (request) {
        yield new Request(request, { headers: { "x-a": "1" } });
      }, next);
      expect(lines()).toEqual([`GET ${CALL}`, "GET https://example.com/there"]);
    });
  });

  describe("a fresh Request for the same URL", () => {
    it("is the call's own, with the body that it carries, not the call's", async () => {
      const { next, lines, sent } = wire();

      const text = await run(
        function* (request) {
          yield new Request(request.url);
          yield new Request(request.url, { method: "POST", body: "its own", headers: { "x-fresh": "1" } });
        },
        next,
        { method: "POST", body: "the body", headers: { "x-given": "1" } },
      );

      expect(lines()).toEqual([`GET ${CALL}`, `POST ${CALL} its own`]);
      expect(sent[1]?.headers).toMatchObject({ "x-fresh": "1" });
      expect(sent[1]?.headers).not.toHaveProperty("x-given");
      expect(text).toBe("answer 2");
    });

    it("may be sent again, with its body", async () => {
      const { next, lines } = wire(() => new Response(null, { status: 307, headers: { location: "/there" } }));
      await run(function* (request) {
        yield new Request(request.url, upload(streamOf([new TextEncoder().encode("its own")])));
      }, next);
      expect(lines()[0]).toBe(`POST ${CALL} its own`);
    });

    it("is not marked as a side request, and its answer is the caller's", async () => {
      const { next } = wire();
      const response = await runFlow(
        scheme(function* (request) {
          yield new Request(request.url);
        }),
        next,
      )(CALL);
      expect(exchangesOf(response).map(({ side }) => side)).toEqual([false]);
    });
  });

  describe("any other request is a side request:", () => {
    it("it goes out as it is, with its own body, and without what is the call's", async () => {
      const { next, lines, sent } = wire();

      await run(
        function* (request) {
          yield new Request(ELSEWHERE, { method: "POST", body: "grant_type=refresh" });
          yield request;
        },
        next,
        { method: "PUT", body: "the body", headers: { "x-given": "1", authorization: "the caller's" } },
      );

      expect(lines()).toEqual([`POST ${ELSEWHERE} grant_type=refresh`, `PUT ${CALL} the body`]);
      expect(sent[0]?.headers).not.toHaveProperty("x-given");
      expect(sent[0]?.headers).not.toHaveProperty("authorization");
    });

    it("no redirect of it is followed: the flow sees the 302", async () => {
      const { next, lines, sent } = wire(() => new Response(null, { status: 302, headers: { location: "/else" } }));
      const statuses: number[] = [];

      await run(function* (request) {
        statuses.push((yield new Request(TOKEN)).status);
        yield request;
      }, next);

      expect(statuses).toEqual([302]);
      expect(lines()).toEqual([`GET ${TOKEN}`, `GET ${CALL}`]);
      expect(sent[0]?.redirect).toBe("manual");
    });

    it("it is marked in the history, and left out of historyOf", async () => {
      const { next } = wire();

      const response = await runFlow(
        scheme(function* (request) {
          yield new Request(TOKEN);
          yield request;
          yield new Request(ELSEWHERE);
          yield request;
        }),
        next,
      )(CALL);

      expect(exchangesOf(response).map(({ request, side }) => [request.url, side])).toEqual([
        [TOKEN, true],
        [CALL, false],
        [ELSEWHERE, true],
        [CALL, false],
      ]);
      expect(historyOf(response).map(({ request }) => request.url)).toEqual([CALL]);
    });

    it("its response is never the caller's, also where it is the last", async () => {
      const { next } = wire();
      const text = await run(function* (request) {
        yield request;
        yield new Request("https://example.com/logout");
      }, next);
      expect(text).toBe("answer 1");
    });

    it("alone it is no answer to the call: ERR_AUTHFLOW_NO_REQUEST", async () => {
      const { next } = wire();
      const error = await rejection(
        run(function* () {
          yield new Request(TOKEN);
        }, next),
      );
      expect(isAuthError(error, "ERR_AUTHFLOW_NO_REQUEST")).toBe(true);
      expect(error.message).toContain("yield request");
    });

    it("it may be any platform's Request", async () => {
      const { next, lines } = wire();
      const foreign = new undici.Request(TOKEN, { headers: { "x-a": "1" } }) as unknown as Request; // alike but in name
      await run(function* (request) {
        yield foreign;
        yield request;
      }, next);
      expect(lines()).toEqual([`GET ${TOKEN}`, `GET ${CALL}`]);
    });
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

describe("a function as a scheme", () => {
  it("sends what it returns, once", async () => {
    const { next, sent } = wire(() => new Response("no", { status: 401 }));
    const signs = defineScheme((request: Request) => {
      request.headers.set("authorization", "Test credentials");
      return request;
    });

    const response = await signs(next)(CALL, { method: "POST", body: "the body" });

    expect(response.status).toBe(401);
    expect(sent.map(({ headers, body }) => [headers["authorization"], body])).toEqual([
      ["Test credentials", "the body"],
    ]);
  });

  it("may be asynchronous", async () => {
    const { next, sent } = wire();
    await defineScheme(async (request: Request) => {
      await Promise.resolve();
      return new Request(request, { headers: { authorization: "Test credentials" } });
    })(next)(CALL);
    expect(sent[0]?.headers).toMatchObject({ authorization: "Test credentials" });
  });

  it("makes what it returns the call's own with the body it carries, also where it goes elsewhere", async () => {
    const { next, lines } = wire();
    const proxied = defineScheme(() => new Request("https://proxy.example.net/", { method: "POST", body: "its own" }));

    const response = await proxied(next)(CALL);

    expect(lines()).toEqual(["POST https://proxy.example.net/ its own"]);
    expect(await response.text()).toBe("answer 1");
    expect(exchangesOf(response).map(({ side }) => side)).toEqual([false]);
  });

  it("that returns no Request is ERR_AUTHFLOW_INVALID_REQUEST, which says that it has to", async () => {
    const { next, sent } = wire();
    const forgets = defineScheme(((request: Request) => {
      request.headers.set("authorization", "Test credentials");
    }) as unknown as (request: Request) => Request);

    const error = await rejection(forgets(next)(CALL));

    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_REQUEST")).toBe(true);
    expect(error.message).toContain("an auth function returns it");
    expect(sent).toEqual([]);
  });

  it("whose promise rejects fails the call with that very error", async () => {
    const error = new Error("no token");
    const fails = defineScheme(() => Promise.reject(error));
    expect(await rejection(fails(wire().next)(CALL))).toBe(error);
  });
});
