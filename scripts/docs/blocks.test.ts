import { expect, test } from "vitest";
import { fencesInDocstring } from "./blocks.ts";

const comment = (...lines: string[]): string => `*\n${lines.map((line) => ` * ${line}`).join("\n")}\n `;

test("finds a fenced example, on the lines of the file", () => {
  const value = comment("Does it.", "@example", "```ts", "x;", "```", "@see y");
  expect(fencesInDocstring(value, 10)).toEqual([expect.objectContaining({ language: "ts", line: 13, code: ["x;"] })]);
});

test("takes an example without a fence for code, up to the next tag", () => {
  const value = comment("Does it.", "", "@example", "x;", "", "y;", "@see z");
  expect(fencesInDocstring(value, 10)).toEqual([{ language: "ts", words: [], line: 13, code: ["x;", "", "y;"] }]);
});

test("takes no decorator in a fence for a tag", () => {
  const value = comment("@example", "```ts", "@example", "class X {}", "```");
  expect(fencesInDocstring(value, 1)).toEqual([expect.objectContaining({ line: 3, code: ["@example", "class X {}"] })]);
});
