import { expect, test } from "vitest";
import { anchorsIn, linksIn } from "./links.ts";

const targets = (markdown: string): string[] => linksIn(markdown).map(({ target }) => target);

test("finds inline links, images, titles, references and HTML", () => {
  expect(targets('[a](b.md) ![c](d.png "title") [e](<f.md>)\n[ref]: g.md\n<a href="h.md">x</a>')).toEqual([
    "b.md",
    "d.png",
    "f.md",
    "g.md",
    "h.md",
  ]);
});

test("finds no link in code", () => {
  expect(targets("`[a](b.md)`\n```md\n[c](d.md)\n```")).toEqual([]);
});

test("spells the anchor of a heading as code hosts do", () => {
  const anchors = anchorsIn(
    "# The `authFlow` runner\n## Errors, by code\n### [Link](x.md) & more\n## Errors, by code\n",
  );
  expect([...anchors]).toEqual(["the-authflow-runner", "errors-by-code", "link--more", "errors-by-code-1"]);
});

test("takes no comment of a shell block for a heading", () => {
  expect([...anchorsIn("```sh\n# install\n```\n# Real")]).toEqual(["real"]);
});
