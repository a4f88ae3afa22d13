import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { groups } from "../groups.ts";
import { README, withSection } from "./readme.ts";

const page = "# Bench\n\n<!-- bench: a -->\n\nold\n\n<!-- /bench: a -->\n\n<!-- bench: b -->\n<!-- /bench: b -->\n";

it("a section replaces what stood between the markers of its group, and nothing else", () => {
  expect(withSection(page, "a", "new\n")).toBe(page.replace("old", "new"));
});

it("the first section finds its place between markers with nothing in between", () => {
  expect(withSection(page, "b", "first")).toContain("<!-- bench: b -->\n\nfirst\n\n<!-- /bench: b -->");
});

it("a group without a place is refused", () => {
  expect(() => withSection(page, "c", "new")).toThrow("<!-- bench: c -->");
});

it.each([...groups.keys()])("bench/README.md has a place for %s", (name) => {
  const text = readFileSync(README, "utf8");
  expect(withSection(text, name, "measured")).toContain("measured");
});
