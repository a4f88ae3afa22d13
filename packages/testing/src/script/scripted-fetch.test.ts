import { setImmediate as turn } from "node:timers/promises";
import { runFlow } from "@authflow/flow";
import { expect, test } from "vitest";
import { basicScheme } from "../fixtures/basic-scheme.ts";
import type { ReplyInit } from "./reply.ts";
import { scriptedFetch } from "./scripted-fetch.ts";
import type { ScriptStep } from "./step.ts";

const URL_A = "https://a.test/";
const SCRIPT_ERROR = expect.objectContaining({ code: "ERR_AUTHFLOW_SCRIPT" }) as unknown;

test("answers each call as the script says, and is done", async () => {
  const fetch = scriptedFetch([
    { expect: { authorization: null, method: "GET", url: URL_A }, reply: { status: 401 } },
    { expect: { authorization: { scheme: "Bearer", token68: "t1" }, body: "hello" }, reply: { body: "ok" } },
  ]);
  expect((await fetch(URL_A)).status).toBe(401);
  expect(fetch.left).toBe(1);
  const init = { method: "POST", body: "hello", headers: { authorization: "Bearer t1" } };
  expect(await (await fetch(URL_A, init)).text()).toBe("ok");
  fetch.done();
  expect(fetch.left).toBe(0);
  expect(fetch.calls.map(({ text }) => text)).toEqual(["", "hello"]);
});

test("drives a scheme through a handshake", async () => {
  const fetch = scriptedFetch([
    { expect: { authorization: null }, reply: { status: 401, headers: { "www-authenticate": "Basic" } } },
    { expect: { authorization: { value: "Basic Zjpz" } }, reply: { body: "ok" } },
  ]);
  expect(await (await runFlow(basicScheme, fetch)(URL_A)).text()).toBe("ok");
  fetch.done();
});

test("rejects a call after the last step", async () => {
  const fetch = scriptedFetch([{ reply: {} }]);
  await fetch(URL_A);
  await expect(fetch("https://a.test/x?api_key=k1&page=2")).rejects.toThrow(
    "GET https://a.test/x?api_key=[redacted]&page=2 is one request more than the 1 that the script has.",
  );
  expect(() => fetch.done()).toThrow(SCRIPT_ERROR);
});

test("says at the end which step is left", () => {
  const steps = [{ expect: { method: "GET", path: "/a" }, reply: {} }, { reply: {} }];
  expect(() => scriptedFetch(steps).done()).toThrow(
    "2 of the 2 steps of the script are left: step 1 (GET /a) never came.",
  );
});

test("says at the end what a flow has caught and hidden", async () => {
  const fetch = scriptedFetch([{ expect: { method: "PUT" }, reply: {} }]);
  await fetch(URL_A).catch(() => {});
  expect(() => fetch.done()).toThrow('method: expected "PUT", got "GET"');
});

test("says at the end that a call is not answered yet", async () => {
  let answer: (() => void) | undefined;
  const after = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const fetch = scriptedFetch([{ reply: { after } }]);
  const call = fetch(URL_A);
  expect(() => fetch.done()).toThrow("Calls that are not answered yet: 1.");
  answer?.();
  await call;
  fetch.done();
});

test("gives parallel calls their steps in the order in which they are made", async () => {
  const fetch = scriptedFetch([
    { expect: { path: "/1" }, reply: { body: "one", after: turn() } },
    { expect: { path: "/2" }, reply: { body: "two" } },
  ]);
  const responses = await Promise.all([fetch("https://a.test/1"), fetch("https://a.test/2")]);
  expect(await Promise.all(responses.map((response) => response.text()))).toEqual(["one", "two"]);
});

test("repeats a step as often as it says, and the last one for ever", async () => {
  let count = 0;
  const fetch = scriptedFetch([
    { expect: { path: "/a" }, reply: () => ({ body: String(++count) }), times: 2 },
    { expect: { path: "/b" }, reply: { status: 204 }, times: Infinity },
  ]);
  await fetch("https://a.test/a");
  expect(fetch.left).toBe(1);
  expect(await (await fetch("https://a.test/a")).text()).toBe("2");
  fetch.done();
  for (let call = 0; call < 3; call++) await fetch("https://a.test/b");
  fetch.done();
});

test.each([
  [[{ reply: {}, times: 0 }], "Step 1 of the script is for 0 requests."],
  [[{ reply: {}, times: 1.5 }], "Step 1 of the script is for 1.5 requests."],
  [[{ reply: {}, times: Infinity }, { reply: {} }], "Step 1 of the script takes every request"],
  [[{ reply: new Response(), times: 2 }], "Step 1 of the script replies several times"],
  [[{ reply: { body: new ReadableStream() }, times: 2 }], "Step 1 of the script replies several times"],
  [[{ reply: {}, reads: -1 }], "Step 1 of the script reads -1 bytes."],
  [[{ reply: {} }, { expect: { origin: "B" }, reply: {} }], 'Step 2 of the script expects the origin "B".'],
  [
    [{ expect: { authorization: { oneOf: [{ scheme: "digest", verify: true }] } }, reply: {} }],
    "Step 1 of the script wants the credentials verified.",
  ],
])("refuses a script that can't be followed: case %#", (steps, message) => {
  expect(() => scriptedFetch(steps)).toThrow(
    expect.objectContaining({
      code: "ERR_AUTHFLOW_INVALID_OPTION",
      message: expect.stringContaining(message) as unknown,
    }),
  );
});

// A part with a name that nobody knows would never be compared: a test that can't fail.
test.each([
  [undefined, "A script is a list of steps"],
  [{ reply: {} }, "A script is a list of steps"],
  [[undefined], "Step 1 of the script is undefined"],
  [[{ reply: {}, expected: {} }], "Step 1 of the script has `expected`"],
  [[{ reply: {} }, { reply: {}, expect: { header: {} } }], "Step 2 of the script expects `header`"],
  [[{ reply: {}, expect: "GET" }], "Step 1 of the script expects string"],
  [[{ reply: {}, expect: { authorization: {} } }], "Step 1 of the script expects an authorization"],
  [[{ reply: {}, expect: { authorization: { scheme: "digest", param: {} } } }], "Step 1 of the script expects `param`"],
  [[{ reply: {}, expect: { authorization: { oneOf: [null, { schema: "x" }] } } }], "expects an authorization"],
  [[{ expect: {} }], "Step 1 of the script replies undefined"],
  [[{ reply: "hello" }], "Step 1 of the script replies string"],
  [[{ reply: { state: 401 } }], "Step 1 of the script replies `state`"],
])("refuses what it would pass over in silence: case %#", (steps, message) => {
  expect(() => scriptedFetch(steps as ScriptStep[])).toThrow(
    expect.objectContaining({
      code: "ERR_AUTHFLOW_INVALID_OPTION",
      message: expect.stringContaining(message) as unknown,
    }),
  );
});

test.each([
  [undefined, "undefined"],
  [{ header: {} }, "`header`"],
])("says so where a function replies with what is no reply: case %#", async (reply, named) => {
  const fetch = scriptedFetch([{ reply: () => reply as ReplyInit }]);
  const error = expect.objectContaining({
    code: "ERR_AUTHFLOW_INVALID_OPTION",
    message: expect.stringContaining(named) as unknown,
  }) as unknown;
  await expect(fetch(URL_A)).rejects.toEqual(error);
  expect(() => fetch.done()).toThrow(error);
});
