import { expect, test } from "vitest";
import { scriptedFetch } from "./scripted-fetch.ts";

const URL_A = "https://a.test/";

test("answers each call as the script says", async () => {
  const fetch = scriptedFetch([
    { expect: { authorization: null, method: "GET", url: URL_A }, reply: { status: 401 } },
    { expect: { authorization: { scheme: "Bearer", token68: "t1" }, body: "hello" }, reply: { body: "ok" } },
  ]);
  expect((await fetch(URL_A)).status).toBe(401);
  const init = { method: "POST", body: "hello", headers: { authorization: "Bearer t1" } };
  expect(await (await fetch(URL_A, init)).text()).toBe("ok");
  fetch.done();
  expect(fetch.calls.map(({ text }) => text)).toEqual(["", "hello"]);
});

test("says what is different", async () => {
  const fetch = scriptedFetch([{ expect: { method: "PUT", body: "hello" }, reply: {} }]);
  await expect(fetch(URL_A, { method: "POST", body: "help" })).rejects.toThrow(
    [
      "The request of step 1 of 1 is not as expected.",
      '  method: expected "PUT", got "POST"',
      '  body: expected "hello" from byte 0 of 5, different at byte 3, got "help" from byte 0 of 4, different at byte 3',
    ].join("\n"),
  );
  expect(() => fetch.done()).toThrow("The request of step 1 of 1 is not as expected.");
});

test("fails at the end when a step is left", () => {
  const fetch = scriptedFetch([{ expect: { method: "GET", path: "/a" }, reply: {} }]);
  expect(() => fetch.done()).toThrow("1 of the 1 steps of the script are left: step 1 (GET /a) never came.");
});
