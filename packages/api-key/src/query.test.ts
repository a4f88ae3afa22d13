import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalOf, sent } from "./fixtures/sent.ts";

const HOST = "https://api.example.com";
const searchOf = async (search: string, query: string | true = "api_key", value = "k1"): Promise<string> =>
  (await sent({ query, value }, `${HOST}/v1${search}`)).url.slice(`${HOST}/v1`.length);

describe("a key in the query", () => {
  it.each([
    ["without a query", "", "?api_key=k1"],
    ["with an empty one", "?", "?api_key=k1"],
    ["behind other pairs", "?b=2&a=1", "?b=2&a=1&api_key=k1"],
    ["before the fragment", "?a=1#top?x=y", "?a=1&api_key=k1#top?x=y"],
    ["before a fragment without a query", "#top?api_key=no", "?api_key=k1#top?api_key=no"],
    ["in place of the caller's", "?a=1&api_key=old&b=2", "?a=1&b=2&api_key=k1"],
    ["in place of all of the caller's", "?api_key=old&api_key=older", "?api_key=k1"],
    ["in place of one that is spelled otherwise", "?%61pi%5Fkey=old&a=1", "?a=1&api_key=k1"],
    ["in place of one without a value", "?api_key&a=1", "?a=1&api_key=k1"],
    ["not twice, where it is there already", "?api_key=k1", "?api_key=k1"],
    [
      "beside names that only look like it",
      "?API_KEY=1&api_key2=2&x=api_key&%20api_key=3",
      "?API_KEY=1&api_key2=2&x=api_key&%20api_key=3&api_key=k1",
    ],
    ["beside a second question mark", "??api_key=1", "??api_key=1&api_key=k1"],
    [
      "beside what is spelled in its own way",
      "?q=a+b%20c&d=%7E~&e=%E4&f=;&&g",
      "?q=a+b%20c&d=%7E~&e=%E4&f=;&&g&api_key=k1",
    ],
    ["behind an open end", "?a=1&", "?a=1&&api_key=k1"],
  ])("goes %s", async (_, before, after) => {
    expect(await searchOf(before)).toBe(after);
  });

  it("stands under api_key with `true`", async () => {
    expect(await searchOf("", true)).toBe("?api_key=k1");
  });

  it("is encoded, and so is its name", async () => {
    expect(await searchOf("", "key&name=", "a b+c&d=e#f%20/ö🔑")).toBe(
      "?key%26name%3D=a%20b%2Bc%26d%3De%23f%2520%2F%C3%B6%F0%9F%94%91",
    );
  });

  it("is read back as it was given, and leaves all other pairs and their order, for any URL", async () => {
    const texts = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/[\0-\x1f\x7f]/.test(text));
    const pairs = fc.array(fc.tuple(fc.constantFrom("a", "key", "%6Bey", "k+", ""), fc.webQueryParameters()));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("key", "a", "k "), texts, pairs, async (query, value, others) => {
        const url = `${HOST}/?${others.map((pair) => pair.join("=")).join("&")}`;
        const { searchParams } = new URL((await sent({ query, value }, url)).url);
        const expected = new URL(url).searchParams;
        expected.delete(query);
        expect([...searchParams]).toEqual([...expected, [query, value]]);
      }),
    );
  });

  it("leaves the headers, and the user name that a URL has to the runner", async () => {
    const { headers } = await sent({ query: "api_key", value: "k1" }, `${HOST}/`, { "x-trace": "1", cookie: "a=1" });
    expect(Object.fromEntries(headers)).toEqual({ "x-trace": "1", cookie: "a=1" });
  });

  it.each([
    ["", /^`query` is no name/],
    ["\ud800", /^`query` is no name/],
    [5, /^`query` is no name/],
    [null, /^`query` is no name/],
    [false, /^`query` is no name/],
  ])("is refused under a name that is none: %j", (query, message) => {
    expect(refusalOf({ query, value: "k1" })).toMatchObject({
      code: "ERR_AUTHFLOW_INVALID_OPTION",
      message: expect.stringMatching(message) as string,
    });
  });

  it("is refused with half of a character, which no URL can hold", () => {
    expect(refusalOf({ query: "api_key", value: "k\ud83d" })).toMatchObject({
      code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
      message: expect.stringMatching(/lone surrogate/) as string,
    });
  });
});
