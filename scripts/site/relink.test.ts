import { expect, test } from "vitest";
import { relink } from "./relink.ts";

const places: Readonly<Record<string, string>> = {
  "packages/flow": "/packages/flow",
  "docs/errors.md": "/errors",
  "SECURITY.md": "/security",
};
const led = (markdown: string, source: string = "docs/schemes/basic.md"): string =>
  relink(markdown, source, (path) => places[path]);

test("leads links to where their files are on the site, anchors included", () => {
  expect(led("[a](../errors.md) [b](../../packages/flow/) [c](../../SECURITY.md#what-is-not)")).toBe(
    "[a](/errors) [b](/packages/flow) [c](/security#what-is-not)",
  );
  expect(led("[a](docs/errors.md)", "README.md")).toBe("[a](/errors)");
});

test("leaves other hosts, anchors of the page and places of the site as they are", () => {
  const text = "[a](https://example.com/x.md) [b](#use) [c](/learn/digest) [d](mailto:a@example.com)";
  expect(led(text)).toBe(text);
});

test("makes text of a link to what the site doesn't have", () => {
  expect(led("see [`scripts`](../../scripts) and [a](../errors.md)")).toBe("see `scripts` and [a](/errors)");
});

test("takes the text of a link as it is, code and brackets included", () => {
  expect(led("[`a` [b]](../errors.md)")).toBe("[`a` [b]](/errors)");
});

test("finds a link whose text goes on in the next line", () => {
  expect(led("[what\n  differs](../errors.md#gaps).\n\n[a](../errors.md)")).toBe(
    "[what\n  differs](/errors#gaps).\n\n[a](/errors)",
  );
});

test("touches no code, fenced or not", () => {
  const text = "`[a](../errors.md)` and\n```md\n[a](../errors.md)\n```";
  expect(led(text)).toBe(text);
  const block = "```md\n[a](../errors.md)\n```";
  expect(led(`${block}\n[a](../errors.md)\n${block}`)).toBe(`${block}\n[a](/errors)\n${block}`);
});

test("leads references, too", () => {
  expect(led("[a]: ../errors.md")).toBe("[a]: /errors");
});
