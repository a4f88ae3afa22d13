// The bodies of a synchronous call are bytes that the caller and the transport give.
import { describe, expect, it } from "vitest";
import { thrown } from "../fixtures/outcome.ts";
import { transport } from "../fixtures/transport.ts";
import { type AuthScheme, exchangesOf, type FlowResponse, isAuthError, runFlowSync } from "../index.ts";

const CALL = "https://example.com/call";
const TOKEN = "https://example.com/token";
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

function flow(authFlow: NonNullable<AuthScheme["syncAuthFlow"]>, more?: Partial<AuthScheme>): AuthScheme {
  return { name: "test", authFlow, ...more };
}

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
