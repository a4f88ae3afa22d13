// A folder in which every block of the documentation is a file that finds the packages by name, as it would in a
// reader's project. The code stands on the lines on which the page shows it, so that every error names the right one.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { installedElsewhere, linkInto } from "../workspace/installed.ts";
import { publicPackages, root } from "../workspace/packages.ts";
import type { Block } from "./blocks.ts";

export interface Playground {
  readonly dir: string;
  /** Where each block is. */
  readonly files: ReadonlyMap<Block, string>;
}

/** Lays a folder and writes each block into it. Whoever asked for it removes it. */
export function layPlayground(blocks: readonly Block[]): Playground {
  mkdirSync(join(root, "dist"), { recursive: true });
  // Ignored by git, and not below node_modules, where Node strips no types; each run has its own.
  const dir = mkdtempSync(join(root, "dist/docs-"));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(tsconfig()));
  for (const pkg of publicPackages()) linkInto(dir, pkg.manifest.name, pkg.dir);
  for (const [name, target] of installedElsewhere()) linkInto(dir, name, target);
  const files = new Map(
    blocks.map((block) => [block, join(dir, `${block.page}.${block.line}.${block.language}`)] as const),
  );
  for (const [block, file] of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, onItsLines([...block.before, block]));
  }
  return { dir, files };
}

/** Turns the names of the playground's files in an output back into the pages that they come from. */
export function namedByPage({ dir }: Playground, output: string): string {
  const below = relative(root, dir).replaceAll("\\", "/");
  return output
    .replaceAll(`file://${dir}/`, "")
    .replaceAll(`${dir}/`, "")
    .replaceAll(`${below}/`, "")
    .replace(
      /(\.(?:md|ts))\.\d+\.(?:tsx?|js)\b(?:\((\d+),(\d+)\))?/g,
      (_, page: string, line?: string, column?: string) =>
        line === undefined ? page : `${page}:${line}:${String(column)}`,
    );
}

function onItsLines(blocks: readonly Block[]): string {
  const lines: string[] = [];
  for (const { line, code } of blocks) {
    while (lines.length < line - 1) lines.push("");
    lines.push(...code);
  }
  return `${lines.join("\n")}\n`;
}

/** The strictness of the workspace, less what only bothers a reader: unused names, and the rules of a library's build. */
function tsconfig(): object {
  return {
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      noEmit: true,
      composite: false,
      incremental: false,
      declaration: false,
      isolatedDeclarations: false,
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      noPropertyAccessFromIndexSignature: false,
      moduleDetection: "force",
      allowJs: true,
      checkJs: true,
      jsx: "preserve",
      types: ["node"],
    },
    include: ["**/*"],
    exclude: ["node_modules"],
  };
}
