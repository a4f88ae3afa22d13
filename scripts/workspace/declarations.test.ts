import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { declarationsOf } from "./declarations.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "authflow-declarations-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function declared(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return declarationsOf(join(dir, "index.d.ts"), (specifier) => join(dir, specifier.replace("#", "") + ".d.ts"));
}

test("holds what an entry exports, by its own name, without comments", () => {
  expect(
    declared({
      "index.d.ts": 'export { make as create, type Options } from "./make.ts";',
      "make.d.ts":
        "/** Makes. */\nexport declare function make(options: Options): void;\nexport interface Options {\n  /** How. */\n  readonly how: string;\n}\nexport declare const hidden: 1;\n",
    }),
  ).toBe(
    "exports Options, create\n\nfunction make(options: Options): void;\ninterface Options { readonly how: string; }\n",
  );
});

test("follows types that are mentioned, from file to file, and leaves other packages alone", () => {
  expect(
    declared({
      "index.d.ts": 'export { make } from "#make";',
      "make.d.ts":
        'import type { Other } from "elsewhere";\nimport type { Part as P } from "./part.ts";\nexport declare function make(part: P, other: Other): void;\nexport {};\n',
      "part.d.ts": "type Inner = 1 | 2;\nexport type Part = Inner;\n",
    }),
  ).toBe("exports make\n\nfunction make(part: P, other: Other): void;\ntype Inner = 1 | 2;\ntype Part = Inner;\n");
});

test("holds every overload, and classes with what they extend", () => {
  expect(
    declared({
      "index.d.ts":
        "export declare function f(a: 1): 1;\nexport declare function f(a: 2): 2;\ndeclare class Base { x: 1; }\nexport declare class C extends Base {}\n",
    }),
  ).toBe("exports C, f\n\nclass Base { x: 1; }\nclass C extends Base {}\nfunction f(a: 1): 1;\nfunction f(a: 2): 2;\n");
});
