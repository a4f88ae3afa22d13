import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publicPackages, root } from "../workspace/packages.ts";
import { inOrder, sections, titleOf } from "./contents.ts";

const pages = sections().flatMap((section) => section.pages);

test("has every page at a place of its own", () => {
  const paths = pages.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
});

test("has each package: as a scheme, or among the references", () => {
  const sources = new Set(pages.flatMap(({ source, also = [] }) => [source, ...also]));
  const missing = publicPackages()
    .map(({ folder }) => `packages/${folder}/README.md`)
    .filter((readme) => existsSync(join(root, readme)) && !sources.has(readme));
  expect(missing).toEqual([]);
});

test("puts what it knows first, and what is new behind it", () => {
  expect(inOrder(["aws", "basic", "digest"], ["digest", "basic", "netrc"])).toEqual(["digest", "basic", "aws"]);
});

test("takes the heading for the title, and wants one", () => {
  expect(titleOf("text\n# The `auth` of a page\n", "a.md")).toBe("The auth of a page");
  expect(() => titleOf("text", "a.md")).toThrow("a.md has no heading");
});
