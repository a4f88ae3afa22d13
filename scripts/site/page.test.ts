import { expect, test } from "vitest";
import { filePage, pageOf, programPage } from "./page.ts";

const files: Readonly<Record<string, string>> = {
  "docs/schemes/basic.md": [
    "# Basic",
    '<!-- include packages/basic/README.md from "Use" -->',
    "On a code host this goes on elsewhere.",
  ].join("\n"),
  "docs/from/httpx.md": '# HTTPX\n<!-- include packages/basic/README.md section "Use" -->\nEnd',
  "packages/basic/README.md": "# basic\n## Use\n[flow](../flow)\n## More\nmore",
  "docs/drawn.md":
    "# Drawn\n```sequence\ntitle: T\nparties: A, B\nA → B: GET /\n```\n```text\nGET /   →\n        ←  200\n```",
  "docs/broken.md": '# Broken\n<!-- include packages/basic/README.md from "Nowhere" -->',
  "docs/undrawn.md": "# Undrawn\n\n```sequence\ntitle: T\nparties: A, B\nA → C: GET /\n```",
};
const page = (source: string): string =>
  pageOf(source, {
    read: (path) => files[path] ?? "",
    locate: (path) => (path === "packages/flow" ? "/packages/flow" : undefined),
  });

test("includes a text from a heading on, with links that lead from where it stands", () => {
  expect(page("docs/schemes/basic.md")).toBe("# Basic\n## Use\n[flow](/packages/flow)\n## More\nmore");
});

test("includes nothing within code", () => {
  const shown = '```md\n<!-- include packages/basic/README.md from "Use" -->\n```';
  expect(pageOf("a.md", { read: () => shown, locate: () => undefined })).toBe(shown);
});

test("includes one section alone", () => {
  expect(page("docs/from/httpx.md")).toBe("# HTTPX\n## Use\n[flow](/packages/flow)\nEnd");
});

test("draws sequences, and the drawings of READMEs, each with ids of its own", () => {
  const drawn = page("docs/drawn.md");
  expect(drawn.match(/<figure/g)).toHaveLength(2);
  expect(drawn).not.toContain("```");
  const ids = Array.from(drawn.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("says where it is that something can't be included or drawn", () => {
  expect(() => page("docs/broken.md")).toThrow('packages/basic/README.md has no heading "## Nowhere"');
  expect(() => page("docs/undrawn.md")).toThrow('docs/undrawn.md, sequence at line 3: line 3: "C" is none');
});

test("makes a page of a program: its first comment, and the code without the line that runs it alone", () => {
  const text = [
    "// axios, with its fetch adapter.",
    'import { standalone } from "./recipe.ts";',
    "",
    "run();",
    "await standalone(1);",
  ];
  expect(programPage(text.join("\n"), "examples/recipes/axios.ts")).toBe(
    "# axios\n\naxios, with its fetch adapter.\n\n```ts\nrun();\n```\n\n" +
      "`npx node examples/recipes/axios.ts` runs it against a server on this machine, and shows what goes over the wire.\n",
  );
});

test("shows a file within a fence that nothing in it closes", () => {
  expect(filePage("a.ts", "/*\n```ts\n```\n*/\n")).toContain("# a.ts\n\n````ts\n/*\n");
});
