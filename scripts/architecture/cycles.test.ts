import { expect, test } from "vitest";
import { cyclesIn } from "./cycles.ts";

const graph = (edges: Record<string, string[]>): Map<string, string[]> => new Map(Object.entries(edges));

test("finds no cycle where two ways lead to one file", () => {
  expect(cyclesIn(graph({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }))).toEqual([]);
});

test("finds a cycle that the first file only leads into", () => {
  expect(cyclesIn(graph({ a: ["b"], b: ["c"], c: ["b"] }))).toEqual([["b", "c"]]);
});

test("finds a file that imports itself, and every cycle once", () => {
  expect(cyclesIn(graph({ a: ["a"], b: ["c"], c: ["b"] }))).toEqual([["a"], ["b", "c"]]);
});
