import { expect, test } from "vitest";
import { parseModule } from "../workspace/modules.ts";
import type { Package } from "../workspace/packages.ts";
import { platformNames, portableSources } from "./platform.ts";

const names = (code: string): string[] =>
  platformNames(parseModule("x.ts", code)).map(({ name, line }) => `${name}:${line}`);

test("finds Node's modules, however they are imported", () => {
  const code =
    'import fs from "node:fs";\nexport { join } from "node:path";\nawait import("node:os");\nlet x: import("node:net").Socket;';
  expect(names(code)).toEqual(["node:fs:1", "node:path:2", "node:os:3", "node:net:4"]);
});

test("finds process and Buffer, also behind typeof and globalThis", () => {
  expect(names('typeof process;\nBuffer.from("");\nglobalThis.process?.env;')).toEqual([
    "process:1",
    "Buffer:2",
    "process:3",
  ]);
});

test("takes no property, key or string for the platform", () => {
  expect(names('options.process;\nconst o = { process: 1, Buffer };\n"process";')).toEqual([]);
});

test("takes no name of the file's own for the platform, such as a structural view of globalThis", () => {
  expect(names("function detect({ process, Deno }: Globals) {\n  return process?.versions;\n}")).toEqual([]);
});

test("follows the imports of portable entries only", () => {
  const manifest = {
    name: "x",
    exports: { ".": { node: "./src/node.ts", default: "./src/portable.ts" } },
    imports: { "#file": { deno: "./src/deno.ts" } },
  };
  const imports: Record<string, string[]> = {
    "src/portable.ts": ["src/a.ts"],
    "src/node.ts": ["src/b.ts"],
    "src/a.ts": ["src/portable.ts"],
  };
  const pkg: Package = { folder: "x", dir: "/x", manifest };
  expect([...portableSources(pkg, (source) => imports[source] ?? [])]).toEqual(["src/portable.ts", "src/a.ts"]);
});
