import { expect, test } from "vitest";
import { expectedLines, isAsStated, printedLines } from "./expectations.ts";

test("reads what a statement prints from its comment, and further lines from comments of their own", () => {
  const code = ["const x = 1; // one", "console.log(x); // → 1", "// → and more", "//   →  no"];
  expect(expectedLines(code)).toEqual([
    { text: "1", index: 1 },
    { text: "and more", index: 2 },
  ]);
});

test("keeps the indentation of a stated line, and takes an empty statement for an empty line", () => {
  expect(expectedLines(["// →   b: 2", "// →"]).map(({ text }) => text)).toEqual(["  b: 2", ""]);
});

test("compares whole lines and takes no character for a pattern", () => {
  expect(isAsStated("200", "200")).toBe(true);
  expect(isAsStated("2000", "200")).toBe(false);
  expect(isAsStated("a+b", "a+b")).toBe(true);
  expect(isAsStated("aab", "a+b")).toBe(false);
});

test("lets … stand for anything, also for nothing", () => {
  expect(isAsStated("http://127.0.0.1:49152/x", "http://127.0.0.1:…/x")).toBe(true);
  expect(isAsStated("nonce=", "nonce=…")).toBe(true);
  expect(isAsStated("http://127.0.0.1:49152/y", "http://127.0.0.1:…/x")).toBe(false);
});

test("counts the lines of an output: none, one that is empty, several", () => {
  expect(printedLines("")).toEqual([]);
  expect(printedLines("\n")).toEqual([""]);
  expect(printedLines("a\n\nb\n")).toEqual(["a", "", "b"]);
});
