import { expect, it } from "vitest";
import { markdown } from "./table.ts";

it("is written as the formatter writes it, with a word for each verdict", () => {
  const table = markdown({
    columns: ["", "median", "limit", ""],
    rows: [
      { cells: ["by hand", "1.0 µs", ""], within: undefined },
      { cells: ["basic", "1.25 µs", "≤ 1.5x"], within: true },
      { cells: ["digest", "9 µs", "≤ 2x"], within: false },
    ],
    notes: [],
  });
  expect(table.split("\n")).toEqual([
    "|         | median  | limit  |      |",
    "| ------- | ------- | ------ | ---- |",
    "| by hand | 1.0 µs  |        |      |",
    "| basic   | 1.25 µs | ≤ 1.5x | ok   |",
    "| digest  | 9 µs    | ≤ 2x   | over |",
  ]);
});
