import { defineScheme } from "@authflow/flow";
import { expect, test } from "vitest";
import { walk } from "./walk.ts";

const URL_A = "https://a.test/";
const unauthorized = (): Response => new Response(null, { status: 401 });

const token = {
  name: "token",
  *authFlow(request: Request): Generator<Request, void, Response> {
    const response = yield request;
    if (response.status === 401) {
      request.headers.set("authorization", "Token 123");
      yield request;
    }
  },
};

test("gives each request as it was when it was sent, though the flow changed the same Request later", async () => {
  const { requests } = await walk(token, new Request(URL_A), unauthorized(), new Response("ok"));
  expect(requests.map((request) => request?.headers.get("authorization"))).toEqual([null, "Token 123"]);
});

test("gives the last response to the call's own request", async () => {
  const ok = new Response("ok");
  const walked = await walk(token, new Request(URL_A), unauthorized(), ok);
  expect(walked.finished).toBe(true);
  expect(walked.returned).toBeUndefined();
  expect(walked.response).toBe(ok);
  expect("content" in ok).toBe(false);
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
    "The flow wants more responses than the 0 given: it waits for one to GET https://a.test/, its request 1.",
  );
});

test("refuses more responses than the flow sends requests", async () => {
  await expect(walk(token, new Request(URL_A), new Response("ok"), new Response("too many"))).rejects.toMatchObject({
    code: "ERR_AUTHFLOW_WALK",
    message: expect.stringContaining("The flow ended after 1 of 2 responses") as unknown,
  });
});

test("walks an async flow, also where it waits between its requests", async () => {
  const scheme = defineScheme({
    name: "waits",
    async *authFlow(request) {
      request.headers.set("x-token", await Promise.resolve("t1"));
      const response: Response = yield request;
      return response;
    },
  });
  const ok = new Response("ok");
  const { requests, returned } = await walk(scheme, new Request(URL_A), ok);
  expect(requests[0].headers.get("x-token")).toBe("t1");
  expect(returned).toBe(ok);
});

test("walks a function", async () => {
  const { requests } = await walk((request) => {
    request.headers.set("authorization", "Token 123");
    return request;
  }, new Request(URL_A));
  expect(requests[0]?.headers.get("authorization")).toBe("Token 123");
  expect(requests[0]?.side).toBe(false);
});

test("sends the call's body with the call's own request, and a side request with its own", async () => {
  const scheme = defineScheme({
    name: "refreshes",
    *authFlow(request) {
      const granted = yield new Request("https://login.test/token", { method: "POST", body: "grant_type=x" });
      request.headers.set("authorization", granted.headers.get("x-token") ?? "");
      yield request;
    },
  });
  const request = new Request(URL_A, { method: "POST", body: "hello" });
  const { requests } = await walk(
    scheme,
    request,
    new Response(null, { headers: { "x-token": "t1" } }),
    unauthorized(),
  );
  expect(requests.map((one) => [one?.side, one?.text])).toEqual([
    [true, "grant_type=x"],
    [false, "hello"],
  ]);
  expect(await request.text()).toBe("hello");
});
