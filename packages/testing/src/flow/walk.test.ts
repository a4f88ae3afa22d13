import { type AsyncFlow, defineScheme, type FlowRequest, type SyncFlow } from "@authflow/flow";
import { expect, test } from "vitest";
import { walk } from "./walk.ts";

const URL_A = "https://a.test/";
const unauthorized = (headers?: Record<string, string>): Response =>
  new Response(null, { status: 401, ...(headers && { headers }) });

const token = defineScheme({
  name: "token",
  *authFlow(request) {
    const response = yield request;
    if (response.status === 401) {
      request.headers.set("authorization", "Token 123");
      yield request;
    }
  },
});

test("gives each request as it was when it was sent, though the flow changed the same Request later", async () => {
  const { requests } = await walk(token, new Request(URL_A), unauthorized(), new Response("ok"));
  const [first, second] = requests;
  expect(first.headers.get("authorization")).toBeNull();
  expect(second.headers.get("authorization")).toBe("Token 123");
  expect(requests).toHaveLength(2);
});

test("gives the last response to the call's own request: the very object, as it was", async () => {
  const ok = new Response("ok");
  const walked = await walk(token, new Request(URL_A), unauthorized(), ok);
  expect([walked.finished, walked.returned]).toEqual([true, undefined]);
  expect(walked.response).toBe(ok);
  expect("content" in ok).toBe(false);
  expect(ok.bodyUsed).toBe(false);
});

test("leaves a flow standing at the request that has no response, and runs its finally", async () => {
  let ended = 0;
  const scheme = defineScheme({
    name: "ends",
    *authFlow(request) {
      try {
        yield request;
      } finally {
        ended++;
      }
    },
  });
  const walked = await walk(scheme, new Request(URL_A));
  expect(walked.requests).toHaveLength(1);
  expect(walked.finished).toBe(false);
  expect(ended).toBe(1);
  expect(() => walked.response).toThrow(
    expect.objectContaining({
      code: "ERR_AUTHFLOW_WALK",
      message:
        "The flow wants more responses than the 0 given: it waits for one to GET https://a.test/, its request 1.",
    }),
  );
});

test("refuses more responses than the flow sends requests", async () => {
  await expect(walk(token, new Request(URL_A), new Response("ok"), new Response("more"))).rejects.toMatchObject({
    code: "ERR_AUTHFLOW_WALK",
    message:
      "The flow ended after 1 of 2 responses, so it sent fewer requests than the test expects. Give it as many responses as it is to send requests.",
  });
});

test("walks an async flow, also where it waits between its requests", async () => {
  const scheme = defineScheme({
    name: "waits",
    async *authFlow(request: Request): AsyncFlow {
      request.headers.set("x-token", await Promise.resolve("t1"));
      return yield request;
    },
  });
  const ok = new Response("ok");
  const { requests, returned, response } = await walk(scheme, new Request(URL_A), ok);
  expect(requests[0].headers.get("x-token")).toBe("t1");
  expect(returned).toBe(ok);
  expect(response).toBe(ok);
});

test("walks a class instance with private fields", async () => {
  class ApiToken {
    readonly name = "api-token";
    readonly #value = "t1";
    *authFlow(request: Request): SyncFlow {
      request.headers.set("x-token", this.#value);
      yield request;
    }
  }
  const { requests } = await walk(new ApiToken(), new Request(URL_A), new Response());
  expect(requests[0].headers.get("x-token")).toBe("t1");
});

test.each([
  ["a function", (authenticate: (request: Request) => Request) => authenticate],
  ["a function that was defined as a scheme", defineScheme],
])("walks %s; whatever it returns is the call's own request", async (_, given) => {
  const scheme = given(() => new Request("https://elsewhere.test/"));
  const ok = new Response("ok");
  const { requests, response } = await walk(scheme, new Request(URL_A), ok);
  expect([requests[0].url, requests[0].side]).toEqual(["https://elsewhere.test/", false]);
  expect(response).toBe(ok);
});

test("sends the call's body with the call's own request, and a side request with its own", async () => {
  const scheme = defineScheme({
    name: "refreshes",
    *authFlow(request) {
      const granted = yield new Request("https://login.test/token", { method: "POST", body: "grant_type=x" });
      yield new Request(request, { headers: { authorization: granted.headers.get("x-token") ?? "" } });
      yield new Request(request.url, { method: "POST", body: "another" });
      yield new Request(request.url);
    },
  });
  const request = new Request(URL_A, { method: "POST", body: "hello" });
  const granted = new Response(null, { headers: { "x-token": "t1" } });
  const { requests } = await walk(scheme, request, granted, unauthorized(), unauthorized(), unauthorized());
  expect(requests.map((one) => [one?.side, one?.method, one?.text])).toEqual([
    [true, "POST", "grant_type=x"],
    [false, "POST", "hello"],
    [false, "POST", "another"],
    [false, "GET", ""],
  ]);
  expect(await request.text()).toBe("hello");
});

test("gives the flow a request without a body, with redirect: manual, and leaves the caller's as it is", async () => {
  const seen: unknown[] = [];
  const scheme = defineScheme({
    name: "looks",
    *authFlow(request) {
      seen.push(request.body, request.redirect, request.headers.get("x-a"), request.headers.get("content-type"));
      request.headers.delete("x-a");
      yield request;
    },
  });
  const request = new Request(URL_A, { method: "POST", body: "hello", headers: { "x-a": "1" } });
  await walk(scheme, request, new Response());
  expect(seen).toEqual([null, "manual", "1", "text/plain;charset=UTF-8"]);
  expect(request.headers.get("x-a")).toBe("1");
});

test("gives no response of a side request to the caller", async () => {
  const scheme = defineScheme({
    name: "side only",
    *authFlow() {
      yield new Request("https://login.test/token");
    },
  });
  const walked = await walk(scheme, new Request(URL_A), new Response("token"));
  expect(walked.finished).toBe(true);
  expect(() => walked.response).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_NO_REQUEST" }));
});

test("gives a Response that the flow returned without a request", async () => {
  const cached = new Response("cached");
  const scheme = {
    name: "cached",
    *authFlow(): SyncFlow {
      return cached;
    },
  };
  const { requests, response } = await walk(scheme, new Request(URL_A));
  expect([requests.length, response]).toEqual([0, cached]);
});

test("throws an Error that it is given into the flow, which may recover", async () => {
  const scheme = defineScheme({
    name: "recovers",
    *authFlow(request) {
      try {
        yield request;
      } catch (error) {
        request.headers.set("x-error", String(error));
        yield request;
      }
    },
  });
  const { requests } = await walk(scheme, new Request(URL_A), new TypeError("fetch failed"), new Response());
  expect(requests[1].headers.get("x-error")).toBe("TypeError: fetch failed");
});

test("has an error of the transport in place of a response, if the flow catches it and ends", async () => {
  const lost = new TypeError("fetch failed");
  const scheme = defineScheme({
    name: "gives up",
    *authFlow(request) {
      yield request;
      try {
        yield request;
      } catch {
        // Nobody hears of it here.
      }
    },
  });
  const walked = await walk(scheme, new Request(URL_A), new Response(), lost);
  expect(walked.finished).toBe(true);
  expect(() => walked.response).toThrow(lost);
});

test("rejects with what the flow throws, also with an error of the transport that it doesn't catch", async () => {
  const lost = new TypeError("fetch failed");
  await expect(walk(token, new Request(URL_A), lost)).rejects.toBe(lost);
  const scheme = defineScheme({
    name: "throws",
    *authFlow(request) {
      yield request;
      throw new RangeError("no");
    },
  });
  await expect(walk(scheme, new Request(URL_A), new Response())).rejects.toThrow(RangeError);
});

test("answers with what a function makes of the request", async () => {
  const { response } = await walk(
    token,
    new Request(URL_A),
    async ({ url }) => Promise.resolve(unauthorized({ "x-url": url })),
    ({ headers }) => new Response(headers.get("authorization")),
  );
  expect(await response.text()).toBe("Token 123");
});

test("answers the requests of context.send in the order of all, and marks them as side requests", async () => {
  const scheme = defineScheme({
    name: "grants",
    async *authFlow(request, context) {
      const grant = new Request("https://login.test/", { method: "POST", body: "x" });
      const pending = context.send(grant);
      grant.headers.set("x-late", "1");
      const granted = await pending;
      request.headers.set("authorization", `Bearer ${await granted.text()}`);
      yield request;
    },
  });
  const { requests, response } = await walk(scheme, new Request(URL_A), new Response("t1"), new Response("ok"));
  expect(requests.map((one) => [one?.side, one?.text])).toEqual([
    [true, "x"],
    [false, ""],
  ]);
  expect(requests[0].headers.has("x-late")).toBe(false);
  expect(requests[1].headers.get("authorization")).toBe("Bearer t1");
  expect(await response.text()).toBe("ok");
});

test("ends a flow that waits for a context.send that nobody answers", async () => {
  const ended: unknown[] = [];
  const scheme = defineScheme({
    name: "waits",
    async *authFlow(request, context) {
      try {
        await context.send(new Request("https://login.test/"));
        yield request;
      } catch (error) {
        ended.push(error);
        throw error;
      }
    },
  });
  const { requests, finished } = await walk(scheme, new Request(URL_A));
  expect([requests.length, finished]).toEqual([1, false]);
  expect(ended).toEqual([expect.objectContaining({ code: "ERR_AUTHFLOW_WALK" })]);
});

test("lets a flow read contents that its flags ask for, and leaves the response readable", async () => {
  const scheme = defineScheme({
    name: "signs",
    requiresRequestBody: true,
    requiresResponseBody: true,
    *authFlow(request) {
      const response = yield request;
      const text = new TextDecoder().decode(request.content) + new TextDecoder().decode(response.content);
      request.headers.set("x-signature", text);
      yield request;
    },
  });
  const request = new Request(URL_A, { method: "POST", body: "hello" });
  const first = new Response("nonce", { status: 401 });
  const { requests } = await walk(scheme, request, first, new Response());
  expect(requests[1].headers.get("x-signature")).toBe("hellononce");
  expect(await first.text()).toBe("nonce");
});

test("asks a flag that is a function before each step", async () => {
  const asked: unknown[] = [];
  const scheme = {
    name: "signs later",
    requiresRequestBody(_request: FlowRequest, response?: Response): boolean {
      asked.push(response?.status);
      return response?.status === 401;
    },
    *authFlow(request: FlowRequest): SyncFlow {
      expect(() => request.content).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_CONTENT_NOT_READ" }));
      yield request;
      request.headers.set("x-length", String(request.content.length));
      yield request;
    },
  };
  const request = new Request(URL_A, { method: "POST", body: "hello" });
  const { requests } = await walk(scheme, request, unauthorized(), new Response());
  expect(requests[1].headers.get("x-length")).toBe("5");
  expect(asked).toEqual([undefined, 401, 200]);
});

test("refuses content that no flag asks for", async () => {
  const scheme = defineScheme({
    name: "careless",
    *authFlow(request: FlowRequest): SyncFlow {
      const response = yield request;
      request.headers.set("x", String(response.content));
    },
  });
  await expect(walk(scheme, new Request(URL_A), new Response("x"))).rejects.toMatchObject({
    code: "ERR_AUTHFLOW_CONTENT_NOT_READ",
  });
});

test("finishes the flow when a flag throws", async () => {
  let ended = 0;
  const scheme = {
    name: "breaks",
    requiresResponseBody: (): boolean => {
      throw new RangeError("no");
    },
    *authFlow(request: Request): SyncFlow {
      try {
        yield request;
      } finally {
        ended++;
      }
    },
  };
  await expect(walk(scheme, new Request(URL_A), new Response())).rejects.toThrow(RangeError);
  expect(ended).toBe(1);
});

test("refuses what is no scheme", async () => {
  const scheme = { name: "none" };
  await expect(walk(scheme, new Request(URL_A))).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_SCHEME" });
});

test.each([[undefined], ["https://a.test/"], [new URL(URL_A)]])(
  "refuses to begin with what is no Request: case %#",
  async (request) => {
    await expect(walk(token, request as unknown as Request)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_WALK",
      message: 'The flow of "token" begins with a Request. Give it new Request(url).',
    });
  },
);

test.each([
  ["number", 401],
  ["string", "ok"],
  ["object", {}],
  ["object", Promise.resolve(new Response())],
  ["undefined", () => undefined],
])("refuses to answer with %s, which is no Response", async (type, reply) => {
  await expect(walk(token, new Request(URL_A), reply as Response)).rejects.toMatchObject({
    code: "ERR_AUTHFLOW_WALK",
    message: `The flow of "token" can't be answered with ${type}. Give a Response, an Error, or a function that gives one.`,
  });
});
