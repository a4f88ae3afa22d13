import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseChallenges } from "./index.ts";

interface Case {
  readonly id: string;
  readonly headers?: readonly string[];
  /** Each line as pairs of a string and how often it is repeated. */
  readonly headers_gen?: readonly (readonly (readonly [string, number])[])[];
  readonly expect: readonly { scheme: string; params: Record<string, string>; token68: string | null }[];
}

// Our own file, whose format conformance/README.md describes.
const { cases } = JSON.parse(
  readFileSync(new URL("../../../conformance/challenges.json", import.meta.url), "utf8"),
) as { cases: readonly Case[] };

const linesOf = ({ headers, headers_gen: generated = [] }: Case): readonly string[] =>
  headers ?? generated.map((line) => line.map(([text, times]) => text.repeat(times)).join(""));

const expected = (given: Case): unknown =>
  given.expect.map(({ scheme, params, token68 }) => ({
    scheme,
    params: new Map(Object.entries(params)),
    token68: token68 ?? undefined,
  }));

describe("conformance/challenges.json", () => {
  test("holds the cases that this file was written for", () => {
    expect(cases).toHaveLength(61);
  });

  test.each(cases.map((given) => [given.id, given] as const))("%s: one text", (_, given) => {
    expect(parseChallenges(linesOf(given).join(", "))).toEqual(expected(given));
  });

  test.each(cases.map((given) => [given.id, given] as const))("%s: the field lines of a response", (_, given) => {
    const headers = new Headers();
    for (const line of linesOf(given)) headers.append("www-authenticate", line);
    expect(parseChallenges(headers)).toEqual(expected(given));
  });
});
