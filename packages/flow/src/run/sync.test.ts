// DESIGN, the contract: runFlowSync drives a flow without I/O of its own over any transport that blocks.
import { describe, expect, it } from "vitest";
import { type AuthScheme, exchangesOf, type FlowResponse, historyOf, isAuthError, runFlowSync } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly content: string | undefined;
}

/** A transport that blocks, which keeps what goes out, answered by one function after the other. */
function transport(...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const send = (request: Request, content?: Uint8Array): Response => {
    const { method, url, headers } = request;
    const index = sent.push({ method, url, authorization: headers.get("authorization"), content: text(content) }) - 1;
    return answers[index]?.() ?? new Response(null, { status: 200 });
  };
  return { send, sent };
}

function flow(authFlow: NonNullable<AuthScheme["syncAuthFlow"]>, more?: Partial<AuthScheme>): AuthScheme {
  return { name: "test", authFlow, ...more };
}

function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error; // nothing here throws anything else
  }
  throw new Error("nothing was thrown");
}

describe("runFlowSync", () => {
  it("steps a flow from its first request to its response, and gives the very Response of the transport", () => {
    const answer = new Response(null, { status: 204 });
    const { send, sent } = transport(
      () => new Response(null, { status: 401, headers: { "www-authenticate": "Test" } }),
      () => answer,
    );
    const answers = flow(function* (request) {
      const response = yield request;
      request.headers.set("authorization", `answer to ${response.headers.get("www-authenticate")}`);
      yield request;
    });

    expect(runFlowSync(answers, new Request(CALL), send)).toBe(answer);
    expect(sent.map(({ authorization }) => authorization)).toEqual([null, "answer to Test"]);
    expect("content" in answer).toBe(false);
  });

  it("leaves the caller's Request as it is", () => {
    const request = new Request(CALL, { headers: { "x-given": "1" } });
    const sets = flow(function* (own) {
      own.headers.set("authorization", "Test credentials");
      yield own;
    });

    runFlowSync(sets, request, transport().send);

    expect([...request.headers]).toEqual([["x-given", "1"]]);
  });

  it("gives the transport a Request that follows no redirect, with the method, the URL and the headers of the call", () => {
    const seen: unknown[] = [];
    const plain = flow(function* (request) {
      yield request;
    });

    runFlowSync(plain, new Request(CALL, { method: "DELETE", headers: { "x-given": "1" } }), (request) => {
      seen.push(request.method, request.url, request.headers.get("x-given"), request.redirect);
      return new Response();
    });

    expect(seen).toEqual(["DELETE", CALL, "1", "manual"]);
  });

  it("returns the Response that the flow returns", () => {
    const own = new Response("from a cache");
    const offline = flow(function* () {
      return own;
    });
    expect(runFlowSync(offline, new Request(CALL), transport().send)).toBe(own);
  });

  it("sends side requests, and gives the last response to the call's own request", () => {
    const { send, sent } = transport(
      () => new Response(null, { status: 201 }),
      () => new Response(null, { status: 202 }),
      () => new Response(null, { status: 203 }),
    );
    const refreshes = flow(function* (request) {
      yield new Request(TOKEN, { method: "POST" });
      yield request;
      yield new Request("https://example.com/logout");
    });

    const response = runFlowSync(refreshes, new Request(CALL), send);

    expect(response.status).toBe(202);
    expect(sent.map(({ url }) => url)).toEqual([TOKEN, CALL, "https://example.com/logout"]);
    expect(exchangesOf(response).map(({ request, side }) => [request.url, side])).toEqual([
      [TOKEN, true],
      [CALL, false],
    ]);
    expect(historyOf(response)).toEqual([]);
  });

  it("keeps the history of the call, with credentials redacted", () => {
    const { send } = transport(() => new Response(null, { status: 401 }));
    const answers = flow(function* (request) {
      yield request;
      request.headers.set("authorization", "Basic c2VjcmV0");
      yield request;
    });

    const response = runFlowSync(answers, new Request(CALL), send);

    expect(historyOf(response).map((exchange) => exchange.response?.status)).toEqual([401]);
    expect(exchangesOf(response).map(({ request }) => request.headers.get("authorization"))).toEqual([
      null,
      "Basic [redacted]",
    ]);
  });

  it("gives the flow the user name that the options name", () => {
    const users: unknown[] = [];
    const looks = flow(function* (request, context) {
      users.push(context.user, context.signal);
      yield request;
    });
    runFlowSync(looks, new Request(CALL), transport().send, { user: "finley" });
    runFlowSync(looks, new Request(CALL), transport().send);
    expect(users).toEqual(["finley", undefined, undefined, undefined]);
  });

  it("refuses context.send, which waits, with ERR_AUTHFLOW_FLOW_KIND", async () => {
    let aside: Promise<unknown> | undefined;
    const sends = flow(function* (request, context) {
      aside = context.send(new Request(TOKEN));
      yield request;
    });
    runFlowSync(sends, new Request(CALL), transport().send);
    await expect(aside).rejects.toMatchObject({ code: "ERR_AUTHFLOW_FLOW_KIND" });
  });

  it("runs no flow outside of the scheme's origins", () => {
    const { send, sent } = transport();
    const bound = flow(
      function* (request) {
        request.headers.set("authorization", "Test credentials");
        yield request;
      },
      { origins: ["https://example.com"] },
    );

    runFlowSync(bound, new Request(CALL), send, { content: "body" });
    runFlowSync(bound, new Request("https://example.net/", { method: "PUT" }), send, { content: "body" });

    expect(sent.map(({ method, authorization, content }) => [method, authorization, content])).toEqual([
      ["GET", "Test credentials", "body"],
      ["PUT", null, "body"],
    ]);
  });

  it("runs a flow within another by yield*", () => {
    const { send, sent } = transport();
    const inner = {
      *authFlow(request: Request): Generator<Request, Response, Response> {
        request.headers.set("authorization", "inner");
        return yield request;
      },
    };
    const outer = flow(function* (request) {
      yield* inner.authFlow(request);
    });

    runFlowSync(outer, new Request(CALL), send);

    expect(sent.map(({ authorization }) => authorization)).toEqual(["inner"]);
  });
});

describe("the body of a synchronous call", () => {
  const twice = flow(function* (request) {
    yield request;
    yield request;
  });
  const post = (): Request => new Request(CALL, { method: "POST" });

  it.each([
    { of: "text, as UTF-8", content: "naïve" },
    { of: "bytes", content: new TextEncoder().encode("naïve") },
  ])("is given as content, and goes out with each step: $of", ({ content }) => {
    const { send, sent } = transport();
    runFlowSync(twice, post(), send, { content });
    expect(sent.map((one) => one.content)).toEqual(["naïve", "naïve"]);
  });

  it("is what it was when the call began", () => {
    const content = new TextEncoder().encode("first");
    const contents: (string | undefined)[] = [];
    runFlowSync(
      twice,
      post(),
      (_, given) => {
        contents.push(text(given));
        content.fill(0);
        return new Response();
      },
      { content },
    );
    expect(contents).toEqual(["first", "first"]);
  });

  it("does not go along with fresh and side requests", () => {
    const { send, sent } = transport();
    const renews = flow(function* (request) {
      yield new Request(TOKEN, { method: "POST" });
      yield new Request(request.url);
      yield new Request(request, { headers: { authorization: "derived" } });
    });
    runFlowSync(renews, post(), send, { content: "body" });
    expect(sent.map(({ content }) => content)).toEqual([undefined, undefined, "body"]);
  });

  it("of a Request can't be read: ERR_AUTHFLOW_INVALID_BODY, which says where it belongs", () => {
    const { send, sent } = transport();
    const error = thrown(() => runFlowSync(twice, new Request(CALL, { method: "POST", body: "body" }), send));
    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
    expect(error.message).toContain("{ content }");
    expect(sent).toEqual([]);
  });

  it("is request.content for a flow that asks, and empty where there is none", () => {
    const seen: (string | undefined)[] = [];
    const signs = flow(
      function* (request) {
        seen.push(text(request.content));
        yield request;
      },
      { requiresRequestBody: true },
    );
    runFlowSync(signs, post(), transport().send, { content: "body" });
    runFlowSync(signs, post(), transport().send);
    expect(seen).toEqual(["body", ""]);
  });

  it("is not request.content for a flow that does not ask: ERR_AUTHFLOW_CONTENT_NOT_READ", () => {
    const careless = flow(function* (request) {
      void request.content;
      yield request;
    });
    const error = thrown(() => runFlowSync(careless, post(), transport().send, { content: "body" }));
    expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_NOT_READ")).toBe(true);
  });
});

describe("the content of a response to a synchronous call", () => {
  const reads = flow(
    function* (request) {
      const response = yield request;
      request.headers.set("authorization", text(response.content) ?? "");
      yield request;
    },
    { requiresResponseBody: true },
  );
  const withContent = (content: string): FlowResponse =>
    Object.assign(new Response(content), { content: new TextEncoder().encode(content) });

  it("is what the transport puts on the Response", () => {
    const { send, sent } = transport(
      () => withContent("the challenge"),
      () => withContent("the answer"),
    );
    const response = runFlowSync(reads, new Request(CALL), send);
    expect(sent[1]?.authorization).toBe("the challenge");
    expect(text((response as FlowResponse).content)).toBe("the answer");
  });

  it("that the transport does not give is ERR_AUTHFLOW_INVALID_RESPONSE, which shows how to", () => {
    const error = thrown(() => runFlowSync(reads, new Request(CALL), transport().send));
    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_RESPONSE")).toBe(true);
    expect(error.message).toContain("Object.assign(response, { content: bytes })");
  });

  it("that the transport does not give is no second exchange in the history", () => {
    const error = thrown(() => runFlowSync(reads, new Request(CALL), transport().send));
    expect(exchangesOf(error)).toHaveLength(1);
  });

  it("is asked for with each response, so that a transport may leave the answer a stream", () => {
    const answer = new Response("a stream");
    const { send } = transport(
      () => Object.assign(new Response(null, { status: 401 }), { content: new TextEncoder().encode("the challenge") }),
      () => answer,
    );
    const picks: AuthScheme = {
      ...reads,
      requiresResponseBody(response) {
        return this === picks && response.status === 401;
      },
    };
    expect(runFlowSync(picks, new Request(CALL), send)).toBe(answer);
    expect(answer.bodyUsed).toBe(false);
  });

  it("is not there for a flow that does not ask: ERR_AUTHFLOW_CONTENT_NOT_READ", () => {
    const careless = flow(function* (request) {
      void (yield request).content;
    });
    const error = thrown(() => runFlowSync(careless, new Request(CALL), transport().send));
    expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_NOT_READ")).toBe(true);
  });
});

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
