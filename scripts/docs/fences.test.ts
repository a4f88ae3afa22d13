import { expect, test } from "vitest";
import { fencesIn, proseOf } from "./fences.ts";

const page = (text: string): string[] => text.split("\n");

test("finds each fenced block with its language, its words and its line", () => {
  expect(fencesIn(page("a\n```ts continues\nx;\n\ny;\n```\n~~~sh\nls\n~~~"))).toMatchObject([
    { language: "ts", words: ["continues"], line: 2, code: ["x;", "", "y;"] },
    { language: "sh", words: [], line: 7, code: ["ls"] },
  ]);
});

test("takes the indentation of the opening mark off each line, and no more", () => {
  expect(fencesIn(page("- item\n\n  ```ts\n  if (x) {\n    y;\n  }\n ```"))).toMatchObject([
    { code: ["if (x) {", "  y;", "}"] },
  ]);
});

test("closes a block only by its own mark, at least as long", () => {
  expect(fencesIn(page("````md\n```ts\nx;\n```\n````\nafter"))).toMatchObject([
    { language: "md", code: ["```ts", "x;", "```"] },
  ]);
});

test("takes a mark with text behind it for code, not for the end", () => {
  expect(fencesIn(page("```ts\n```js\nx;\n```"))).toMatchObject([{ language: "ts", code: ["```js", "x;"] }]);
});

test("lets an unclosed block reach to the end", () => {
  expect(fencesIn(page("```ts\nx;"))).toMatchObject([{ code: ["x;"] }]);
});

test("leaves prose when code is taken out, on the same lines", () => {
  expect(proseOf(page("see `[x](y)` and [a](b)\n```\n[c](d)\n```\nend"))).toEqual([
    "see  and [a](b)",
    "",
    "",
    "",
    "end",
  ]);
});
