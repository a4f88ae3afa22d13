import { type AsyncFlow, type AuthScheme, defineScheme, type FlowContext, type SyncFlow } from "@authflow/flow";
import { expect, test } from "vitest";
import { stepFlow } from "./step-flow.ts";

const URL_A = "https://a.test/";

const twice = defineScheme({
  name: "twice",
  *authFlow(request) {
    const response = yield request;
    request.headers.set("x-nonce", response.headers.get("x-nonce") ?? "");
    yield request;
  },
});

test("runs nothing of a flow before the first step", async () => {
  let ran = false;
  const scheme = defineScheme({
    name: "runs",
    *authFlow(request) {
      ran = true;
      yield request;
    },
  });
  await using flow = await stepFlow(scheme, new Request(URL_A));
  expect(ran).toBe(false);
  await flow.next();
  expect(ran).toBe(true);
});

test("stands still after each request until it is answered", async () => {
  await using flow = await stepFlow(twice, new Request(URL_A));
  const first = await flow.next();
  expect([first.headers.get("x-nonce"), flow.finished]).toEqual([null, false]);
  const second = await flow.next(new Response(null, { headers: { "x-nonce": "n1" } }));
  expect(second.headers.get("x-nonce")).toBe("n1");
  const ok = new Response("ok");
  expect(await flow.end(ok)).toBe(ok);
  expect([flow.finished, flow.requests.length]).toEqual([true, 2]);
});

test("says when a flow ends where it was to send a request, and the other way round", async () => {
  await using short = await stepFlow(twice, new Request(URL_A));
  await short.next();
  await short.next(new Response());
  await expect(short.next(new Response())).rejects.toThrow(
    'The flow of "twice" was to send request 3, but it ended after 2.',
  );
  await using long = await stepFlow(twice, new Request(URL_A));
  await long.next();
  await expect(long.end(new Response())).rejects.toThrow(
    'The flow of "twice" was to end, but it sent GET https://a.test/.',
  );
});

test("says what to do when it is stepped in the wrong order", async () => {
  await using flow = await stepFlow(twice, new Request(URL_A));
  await expect(flow.next(new Response())).rejects.toThrow('The flow of "twice" has sent nothing yet');
  expect(() => flow.response).toThrow('The flow of "twice" has not ended: it has not begun.');
  await flow.next();
  await expect(flow.next()).rejects.toThrow(
    `The flow of "twice" can't go on: it waits for a response to GET https://a.test/.`,
  );
  expect(() => flow.response).toThrow("it waits for a response to GET https://a.test/.");
  await flow.next(new Response());
  await flow.end(new Response());
  await expect(flow.next(new Response())).rejects.toThrow('The flow of "twice" ended: there is nothing to answer.');
});

test("gives the flow the user and the signal of its context", async () => {
  const { signal } = new AbortController();
  const seen: unknown[] = [];
  const scheme = {
    name: "context",
    *authFlow(request: Request, context: FlowContext): SyncFlow {
      seen.push(context.user, context.signal);
      yield request;
    },
  };
  await using flow = await stepFlow(scheme, new Request(URL_A), { user: "finley", signal });
  await flow.next();
  expect(seen).toEqual(["finley", signal]);
});

const both = {
  name: "both",
  *syncAuthFlow(request: Request): SyncFlow {
    request.headers.set("x-kind", "sync");
    yield request;
  },
  async *asyncAuthFlow(request: Request): AsyncFlow {
    request.headers.set("x-kind", await Promise.resolve("async"));
    yield request;
  },
};

test.each([undefined, "async", "sync"] as const)("steps the flow of the kind that is asked for: %s", async (kind) => {
  await using flow = await stepFlow(both, new Request(URL_A), { kind });
  expect((await flow.next()).headers.get("x-kind")).toBe(kind ?? "async");
});

test("takes the flow that there is, unless another kind is asked for", async () => {
  const syncOnly: AuthScheme = { name: "sync only", syncAuthFlow: (request) => both.syncAuthFlow(request) };
  const asyncOnly: AuthScheme = { name: "async only", asyncAuthFlow: (request) => both.asyncAuthFlow(request) };
  await using flow = await stepFlow(syncOnly, new Request(URL_A));
  expect((await flow.next()).headers.get("x-kind")).toBe("sync");
  await expect(stepFlow(asyncOnly, new Request(URL_A), { kind: "sync" })).rejects.toMatchObject({
    code: "ERR_AUTHFLOW_WALK",
    message: '"async only" has no flow that is sync.',
  });
});

test("runs the flow's finally when it is closed, once, and hides what is thrown there", async () => {
  let ended = 0;
  const scheme = defineScheme({
    name: "ends",
    *authFlow(request) {
      try {
        yield request;
      } finally {
        ended++;
        // oxlint-disable-next-line no-unsafe-finally -- what the test is about
        throw new Error("in finally");
      }
    },
  });
  const flow = await stepFlow(scheme, new Request(URL_A));
  await flow.next();
  await flow.close();
  await flow.close();
  expect([ended, flow.finished]).toEqual([1, true]);
});
