import { scriptedFetch } from "@authflow/testing";
import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { refusalOf, sent } from "./fixtures/sent.ts";
import { apiKey, ForbiddenHeaderError } from "./index.ts";

const cookieOf = async (own: string | undefined, cookie = "key", value = "k1"): Promise<string | null> =>
  (await sent({ cookie, value }, undefined, own === undefined ? undefined : { cookie: own })).headers.get("cookie");

describe("a key in a cookie (RFC 6265 §4.2.1)", () => {
  it.each([
    ["alone", undefined, "key=k1"],
    ["behind one of the caller's", "a=1", "a=1; key=k1"],
    ["behind several", "a=1; b=2", "a=1; b=2; key=k1"],
    ["behind what is spelled in its own way", 'a="1 2";b=x=y;  c', 'a="1 2";b=x=y;  c; key=k1'],
    ["in place of the caller's of that name", "key=old; a=1", "a=1; key=k1"],
    ["in place of all of them", "a=1; key=old; b=2;key=older", "a=1; b=2; key=k1"],
    ["in place of one without a value", "key; a=1", "a=1; key=k1"],
    ["not twice", "key=k1", "key=k1"],
    ["beside names in another letter case, which are others", "KEY=1; keys=2; akey=3", "KEY=1; keys=2; akey=3; key=k1"],
    ["behind one without a name", "=a; b=", "=a; b=; key=k1"],
    ["behind an open end", "a=1; ", "a=1; key=k1"],
  ])("goes %s", async (_, before, after) => {
    expect(await cookieOf(before)).toBe(after);
  });

  it("stands beside that of a scheme further outside", async () => {
    const fetch = scriptedFetch([{ expect: { headers: { cookie: "c=3; a=1; b=2" } }, reply: {} }]);
    const [outer, inner] = [apiKey({ cookie: "a", value: "1" }), apiKey({ cookie: "b", value: "2" })];
    await outer(inner(fetch))("https://api.example.com/", { headers: { cookie: "c=3" } });
    fetch.done();
  });

  it("leaves one alone that a scheme further outside has set", async () => {
    const fetch = scriptedFetch([{ expect: { headers: { cookie: "a=outer" } }, reply: {} }]);
    const [outer, inner] = [apiKey({ cookie: "a", value: "outer" }), apiKey({ cookie: "a", value: "inner" })];
    await outer(inner(fetch))("https://api.example.com/");
    fetch.done();
  });

  it("can be any text of the grammar (§4.1.1), quoted or not", async () => {
    const octets = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    const values = fc.string({ unit: octets.filter((octet) => !'",;\\'.includes(octet)), minLength: 1 });
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        expect(await cookieOf("a=1", "key", value)).toBe(`a=1; key=${value}`);
        expect(await cookieOf("a=1", "key", `"${value}"`)).toBe(`a=1; key="${value}"`);
      }),
    );
  });

  it.each(["a;b", "a,b", "a b", 'a"b', '"a', 'a"', '"', '""', "a\\b", "ä", "€"])(
    "is refused with what no cookie can hold: %s",
    (value) => {
      expect(refusalOf({ cookie: "key", value })).toMatchObject({
        code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
        message: expect.stringMatching(/RFC 6265 §4\.1\.1/) as string,
      });
    },
  );

  it.each(["", "a b", "a=b", "a;b", "ä", true, 5, null])("is refused under a name that is none: %j", (cookie) => {
    expect(refusalOf({ cookie, value: "k1" })).toMatchObject({
      code: "ERR_AUTHFLOW_INVALID_OPTION",
      message: expect.stringMatching(/^`cookie` is no name/) as string,
    });
  });
});

describe("on a platform that lets no script set the header field, as browsers", () => {
  afterEach(() => vi.unstubAllGlobals());

  function forbid(...names: readonly string[]): void {
    const Platform = Request;
    vi.stubGlobal(
      "Request",
      class extends Platform {
        constructor(input: string, init: RequestInit = {}) {
          const headers = new Headers(init.headers);
          for (const name of names) headers.delete(name);
          super(input, { ...init, headers });
        }
      },
    );
  }

  it("a cookie is refused with an error of its own, at once, which doesn't show the key", () => {
    forbid("cookie");
    const refusal = refusalOf({ cookie: "session", value: "pl4nted" });
    expect(refusal).toBeInstanceOf(ForbiddenHeaderError);
    expect(refusal).toMatchObject({
      name: "ForbiddenHeaderError",
      code: "ERR_AUTHFLOW_FORBIDDEN_HEADER",
      message: expect.stringMatching(/^This platform drops the header field "cookie"/) as string,
    });
    expect((refusal as Error).message).not.toContain("pl4nted");
  });

  it("so is a header that it drops, and no other", () => {
    forbid("cookie", "sec-key");
    expect(refusalOf({ header: "Sec-Key", value: "k1" })).toBeInstanceOf(ForbiddenHeaderError);
    expect(refusalOf({ header: "x-api-key", value: "k1" })).toBeUndefined();
    expect(refusalOf({ query: "cookie", value: "k1" })).toBeUndefined();
  });
});
