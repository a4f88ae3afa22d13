import { describe, expect, test } from "vitest";
import { bringsAuthorization, credentialsIn, urlOf } from "./call-url.ts";

const url = "https://example.com/";
const authorization = "Bearer of the caller";

describe("whether a call brings an Authorization of its own", () => {
  const carrying = new Request(url, { headers: { authorization } });

  test.each([
    ["a URL alone", url, undefined, false],
    ["a URL with headers", url, { headers: { authorization } }, true],
    ["a URL with other headers", new URL(url), { headers: { accept: "*/*" } }, false],
    ["a Request that carries one", carrying, undefined, true],
    ["a Request that carries one, with an init that has no headers", carrying, { method: "POST" }, true],
    ["a Request whose headers those of init replace (fetch, Request constructor)", carrying, { headers: {} }, false],
    ["a Request that carries none", new Request(url), undefined, false],
  ])("is known of %s", (_, input, init, expected) => {
    expect(bringsAuthorization(input, init)).toBe(expected);
  });
});

describe("the URL of a call", () => {
  test.each([url, new URL(url), new Request(url)])("is that of %s", (input) => {
    expect(urlOf(input)?.href).toBe(url);
  });

  test("is none where it is relative to what only the fetch inside knows", () => {
    expect(urlOf("/path")).toBeUndefined();
  });

  test("gives the credentials that stand in it, decoded, and the URL without", () => {
    expect(credentialsIn("https://fin%40ley:s%3Acret@example.com/a?b#c")).toEqual({
      origin: "https://example.com",
      href: "https://example.com/a?b#c",
      username: "fin@ley",
      password: "s:cret",
    });
    for (const input of [url, `${url}?to=a@b`, "//a@b", new Request(url)]) {
      expect(credentialsIn(input)).toBeUndefined();
    }
  });
});
