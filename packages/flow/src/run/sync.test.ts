// runFlowSync drives a flow without I/O of its own over any transport that blocks.
import { describe, expect, it } from "vitest";
import { transport } from "../fixtures/transport.ts";
import { type AuthScheme, exchangesOf, historyOf, runFlowSync } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";

function flow(authFlow: NonNullable<AuthScheme["syncAuthFlow"]>, more?: Partial<AuthScheme>): AuthScheme {
  return { name: "test", authFlow, ...more };
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
