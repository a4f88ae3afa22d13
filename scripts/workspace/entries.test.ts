import { expect, test } from "vitest";
import { entriesOf, importNames, resolveTarget } from "./entries.ts";
import type { Package } from "./packages.ts";

const pkg: Package = {
  folder: "netrc",
  dir: "/netrc",
  manifest: {
    name: "@authflow/netrc",
    exports: { ".": { node: "./src/index.ts", default: "./src/portable.ts" }, "./text": "./src/text.ts" },
    imports: { "#file": { node: "./src/file-node.ts", default: null } },
  },
};

test("names every source that exports and imports lead to, with its conditions and its bundle", () => {
  expect(entriesOf(pkg)).toEqual([
    { key: ".", conditions: ["node"], source: "src/index.ts", bundle: "dist/index.js" },
    { key: ".", conditions: ["default"], source: "src/portable.ts", bundle: "dist/portable.js" },
    { key: "./text", conditions: [], source: "src/text.ts", bundle: "dist/text.js" },
    { key: "#file", conditions: ["node"], source: "src/file-node.ts", bundle: "dist/file-node.js" },
  ]);
});

test("offers to other packages what exports names, by the name that they write", () => {
  expect([...importNames(pkg).keys()]).toEqual(["@authflow/netrc", "@authflow/netrc/text"]);
});

test("reads a target as Node does: the first condition that holds decides, default always holds", () => {
  const target = { node: { types: "n.d.ts", default: "n.js" }, types: "d.d.ts", default: "d.js" };
  expect(resolveTarget(target, ["node"])).toBe("n.js");
  expect(resolveTarget(target, ["types", "node"])).toBe("n.d.ts");
  expect(resolveTarget(target, ["types"])).toBe("d.d.ts");
  expect(resolveTarget(target, [])).toBe("d.js");
});

test("goes on to the next condition where the first leads nowhere, unless it says null", () => {
  expect(resolveTarget({ node: { deno: "x.js" }, default: "d.js" }, ["node"])).toBe("d.js");
  expect(resolveTarget({ node: null, default: "d.js" }, ["node"])).toBeNull();
});
