import { isAuthError } from "@authflow/flow";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { credentialsOf } from "./credentials.ts";

// The grammar once more, letter by letter: an oracle that shares no regular expression with the source.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/".split("");
function isB64token(text: string): boolean {
  const letters = text.split("");
  while (letters.at(-1) === "=") letters.pop();
  return letters.length > 0 && letters.every((letter) => LETTERS.includes(letter));
}

/** What is thrown for a token; undefined if nothing is. */
function refusalOf(token: unknown): unknown {
  try {
    credentialsOf(token);
    return undefined;
  } catch (error) {
    return error;
  }
}

const b64tokens = fc
  .tuple(fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1 }), fc.nat(3))
  .map(([text, padding]) => text + "=".repeat(padding));

describe("the credentials (RFC 6750 §2.1)", () => {
  it.each(["mF_9.B5f-4.1JqM", "vF9dft4qmT", "a", "abc/d+e~f==", "eyJhbGciOiJub25lIn0.e30.", "=".padStart(2, "a")])(
    "are the scheme, a space and the token: %s",
    (token) => {
      expect(credentialsOf(token)).toBe(`Bearer ${token}`);
    },
  );

  it("are made for every token of the grammar", () => {
    fc.assert(
      fc.property(b64tokens, (token) => {
        expect(credentialsOf(token)).toBe(`Bearer ${token}`);
      }),
    );
  });

  it("are made for no other text, which the error doesn't show", () => {
    const nearly = fc
      .tuple(b64tokens, fc.string({ unit: "binary", maxLength: 2 }), b64tokens)
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: "binary" })), (text) => {
        const refusal = refusalOf(text);
        expect(refusal === undefined).toBe(isB64token(text));
        if (refusal === undefined) return;
        expect(isAuthError(refusal, "ERR_AUTHFLOW_INVALID_CREDENTIALS")).toBe(true);
        if (text.length > 8) expect((refusal as Error).message).not.toContain(text);
      }),
    );
  });

  it.each([
    ["undefined, such as a variable that isn't set", undefined, /^The token is undefined\. /],
    ["null", null, /^The token is object\. /],
    ["a number", 1234, /^The token is number\. /],
    ["a promise that nobody waited for", Promise.resolve("token"), /^The token is object\. /],
    ["octets", new TextEncoder().encode("token"), /^The token is object\. /],
    ["nothing at all", "", /^The token is empty\./],
    ["a scheme before it", "Bearer token", /without "Bearer"/],
    ["the line end of a file", "token\n", /line ends/],
    ["a space", "to ken", /RFC 6750 §2\.1/],
    ["padding alone", "==", /RFC 6750 §2\.1/],
    ["padding in the middle", "to==ken", /RFC 6750 §2\.1/],
    ["quotes", '"token"', /RFC 6750 §2\.1/],
    ["a comma and another header", "token, Basic eA==", /RFC 6750 §2\.1/],
    ["letters of another script", "tökén", /RFC 6750 §2\.1/],
    ["digits of another script", "١٢٣", /RFC 6750 §2\.1/],
  ])("are refused for %s", (_, token, message) => {
    expect(refusalOf(token)).toMatchObject({
      name: "InvalidCredentialsError",
      code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
      message: expect.stringMatching(message) as string,
    });
  });

  it("can be long", () => {
    const token = "a".repeat(1_000_000);
    expect(credentialsOf(token)).toHaveLength(1_000_007);
    expect(refusalOf(`${token}\n`)).toBeDefined();
  });
});
