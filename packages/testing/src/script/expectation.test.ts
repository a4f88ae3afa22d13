import { expect, test } from "vitest";
import type { RequestExpectation } from "./expectation.ts";
import { scriptedFetch } from "./scripted-fetch.ts";

const URL_A = "https://a.test/x?y=z";

/** What a scripted fetch says of a request; nothing where it is as expected. */
async function differences(expected: RequestExpectation, init: RequestInit = {}, url = URL_A): Promise<string[]> {
  const verify = (): string => "the response is wrong";
  const origins = { A: "https://a.test", B: new URL("https://b.test:8443") };
  const fetch = scriptedFetch([{ expect: expected, reply: {} }], { origins, verify });
  try {
    await fetch(url, init);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n  ").slice(1);
  }
}

const authorized = (authorization: string): RequestInit => ({ headers: { authorization } });
const DIGEST = 'Digest username="u", realm="r", nonce="n1", uri="/x", nc=00000001, response="0123"';

test("takes what is as expected", async () => {
  const init = { method: "POST", body: "hello", headers: { "x-a": "1", authorization: DIGEST } };
  const expectations: RequestExpectation[] = [
    {},
    { method: "POST", url: URL_A, origin: "https://a.test", path: "/x?y=z", body: "hello" },
    { url: new URL(URL_A), origin: "A", path: /^\/x/, body: /^hel/ },
    { url: /y=z$/, body: new TextEncoder().encode("hello") },
    { headers: { "X-A": "1", "x-b": null, authorization: /^Digest / } },
    { authorization: DIGEST },
    { authorization: { value: DIGEST } },
    { authorization: { scheme: "DIGEST" } },
    { authorization: { scheme: "digest", params: { NONCE: "n1", nc: "00000001", opaque: null, response: /^\d{4}$/ } } },
    { authorization: { oneOf: [null, "x", { scheme: "digest" }] } },
    { authorization: { scheme: "digest", verify: () => true } },
    { check: ({ url }) => url === URL_A },
    { check: async () => Promise.resolve() },
  ];
  for (const expected of expectations) expect(await differences(expected, init)).toEqual([]);
});

test("compares the method letter by letter", async () => {
  expect(await differences({ method: "PATCH" }, { method: "patch" })).toEqual([
    'method: expected "PATCH", got "patch"',
  ]);
});

test("compares URL, origin and path, and shows no credential of the query", async () => {
  expect(await differences({ url: "https://a.test/x" })).toEqual([
    'url: expected "https://a.test/x", got "https://a.test/x?y=z"',
  ]);
  expect(await differences({ origin: "B" })).toEqual(['origin: expected "https://b.test:8443", got "https://a.test"']);
  expect(await differences({ path: "/y" }, {}, "https://a.test/x?access_token=t1&a=b")).toEqual([
    'path: expected "/y", got "/x?access_token=[redacted]&a=b"',
  ]);
});

test("compares a relative URL as it is written", async () => {
  expect(await differences({ url: "/x" }, {}, "/x")).toEqual([]);
  expect(await differences({ url: "/y", path: "/x" }, {}, "/x")).toEqual(['url: expected "/y", got "/x"']);
});

test("compares header fields, and wants those that are null to be absent", async () => {
  const init = { headers: { "x-a": "1", "x-b": "2" } };
  expect(await differences({ headers: { "x-a": "2", "x-b": null, "x-c": "3" } }, init)).toEqual([
    'header "x-a": expected "2", got "1"',
    'header "x-b": expected absent, got present',
    'header "x-c": expected "3", got absent',
  ]);
});

test("takes a pattern with the flag g the second time, too", async () => {
  const pattern = /^1/g;
  const init = { headers: { "x-a": "1" } };
  expect(await differences({ headers: { "x-a": pattern } }, init)).toEqual([]);
  expect(await differences({ headers: { "x-a": pattern } }, init)).toEqual([]);
});

test("wants no other header field where it is told to", async () => {
  const init = { headers: { "x-a": "1", "x-b": "2", authorization: "Token 1" } };
  const expected = { headers: { "X-A": "1" }, onlyHeaders: true };
  expect(await differences({ ...expected, authorization: "Token 1" }, init)).toEqual([
    'header "x-b": expected absent, got present',
  ]);
  expect(await differences(expected, init)).toContain('header "authorization": expected absent, got present');
});

test("compares the body byte for byte, and shows where it leaves what was expected", async () => {
  const init = { method: "POST", body: new Uint8Array([0x68, 0x65, 0x6c, 0x70, 0x00, 0xff]) };
  expect(await differences({ body: "hello" }, init)).toEqual([
    String.raw`body: expected "hello" from byte 0 of 5, different at byte 3, got "help\u0000ÿ" from byte 0 of 6, different at byte 3`,
  ]);
  expect(await differences({ body: null }, init)).toEqual([
    String.raw`body: expected no bytes, got "help\u0000ÿ" from byte 0 of 6, different at byte 0`,
  ]);
  expect(await differences({ body: "x" })).toEqual([
    'body: expected "x" from byte 0 of 1, different at byte 0, got no bytes',
  ]);
});

test("shows a few bytes around the difference of a long body", async () => {
  const body = `${"a".repeat(1000)}X${"b".repeat(1000)}`;
  const [difference = ""] = await differences({ body: body.replace("X", "Y") }, { method: "POST", body });
  expect(difference).toContain(`"${"a".repeat(20)}X${"b".repeat(19)}" from byte 980 of 2001, different at byte 1000`);
  expect(difference.length).toBeLessThan(250);
});

test("tells that an Authorization is there or not, and never shows one", async () => {
  expect(await differences({ authorization: null }, authorized("Basic c2VjcmV0"))).toEqual([
    'header "authorization": expected absent, got present',
  ]);
  expect(await differences({ authorization: "Basic c2Vj" })).toEqual([
    'header "authorization": expected "Basic c2Vj", got absent',
  ]);
  expect(await differences({ authorization: "Basic c2VjcmXX" }, authorized("Basic c2VjcmV0"))).toEqual([
    'header "authorization": expected "Basic c2VjcmXX", got another value (14 characters, different from character 13 on)',
  ]);
  expect(await differences({ headers: { "x-api-key": /^k/ } }, { headers: { "x-api-key": "secret" } })).toEqual([
    'header "x-api-key": expected /^k/, got another value (6 characters)',
  ]);
});

test("compares scheme, parameters and token of credentials", async () => {
  expect(await differences({ authorization: { scheme: "Bearer" } })).toEqual([
    'header "authorization": expected Bearer credentials, got absent',
  ]);
  expect(await differences({ authorization: { scheme: "Bearer" } }, authorized(DIGEST))).toEqual([
    'header "authorization": expected Bearer credentials, got digest credentials',
  ]);
  expect(await differences({ authorization: { scheme: "Bearer" } }, authorized("Bearer a b"))).toEqual([
    'header "authorization": expected Bearer credentials, got something that is not one set of credentials',
  ]);
  expect(await differences({ authorization: { scheme: "Bearer" } }, authorized("Bearer t1, Bearer t2"))).toEqual([
    'header "authorization": expected Bearer credentials, got something that is not one set of credentials',
  ]);
  const params = { nonce: "n2", opaque: "o", uri: null, response: "0124" };
  expect(await differences({ authorization: { scheme: "Digest", params } }, authorized(DIGEST))).toEqual([
    'header "authorization", parameter "nonce": expected "n2", got "n1"',
    'header "authorization", parameter "opaque": expected "o", got absent',
    'header "authorization", parameter "uri": expected absent, got present',
    'header "authorization", parameter "response": expected "0124", got another value (4 characters, different from character 4 on)',
  ]);
  expect(await differences({ authorization: { scheme: "Bearer", token68: "t1" } }, authorized("Bearer t22"))).toEqual([
    'header "authorization", token: expected "t1", got another value (3 characters, different from character 2 on)',
  ]);
});

test("takes a parameter by its own name only", async () => {
  expect(
    await differences({ authorization: { scheme: "x", params: { constructor: "1" } } }, authorized("x a=b")),
  ).toEqual(['header "authorization", parameter "constructor": expected "1", got absent']);
});

test("has credentials verified, by the script's function or the step's", async () => {
  expect(await differences({ authorization: { scheme: "digest", verify: true } }, authorized(DIGEST))).toEqual([
    'header "authorization": expected credentials that can be verified, got the response is wrong',
  ]);
  const seen: unknown[] = [];
  const verify = (request: { method: string }, credentials: { params: ReadonlyMap<string, string> }): boolean => {
    seen.push(request.method, credentials.params.get("nonce"));
    return false;
  };
  expect(await differences({ authorization: { scheme: "digest", verify } }, authorized(DIGEST))).toEqual([
    'header "authorization": expected credentials that can be verified, got the check said no',
  ]);
  expect(seen).toEqual(["GET", "n1"]);
});

test("tells of every way in which none of several was met", async () => {
  const oneOf = [null, { scheme: "digest", params: { nonce: "n2" } }];
  expect(await differences({ authorization: { oneOf } }, authorized(DIGEST))).toEqual([
    'header "authorization": expected absent, got present',
    'header "authorization", parameter "nonce": expected "n2", got "n1"',
  ]);
});

test("takes the word of a check: false, a sentence, or what it throws", async () => {
  expect(await differences({ check: () => false })).toEqual([
    "check: expected a request that passes, got the check said no",
  ]);
  expect(await differences({ check: async () => Promise.resolve("an odd port") })).toEqual([
    "check: expected a request that passes, got an odd port",
  ]);
  const fetch = scriptedFetch([
    {
      expect: {
        check() {
          throw new RangeError("not as expected");
        },
      },
      reply: {},
    },
  ]);
  await expect(fetch(URL_A)).rejects.toThrow(RangeError);
  expect(() => fetch.done()).toThrow(RangeError);
});

test("carries the step and the differences in the error", async () => {
  const fetch = scriptedFetch([{ reply: {} }, { expect: { method: "PUT" }, reply: {} }]);
  await fetch(URL_A);
  await expect(fetch(URL_A)).rejects.toMatchObject({
    name: "ScriptError",
    code: "ERR_AUTHFLOW_SCRIPT",
    step: 2,
    differences: [{ part: "method", expected: '"PUT"', actual: '"GET"' }],
    message: 'The request of step 2 of 2 is not as expected.\n  method: expected "PUT", got "GET"',
  });
});
