// A folder in which every block of the documentation is a file that finds the packages by name, as it would in a
// reader's project. The code stands on the lines on which the page shows it, so that every error names the right one.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { installedElsewhere, linkInto } from "../workspace/installed.ts";
import { publicPackages, root } from "../workspace/packages.ts";
import type { Block } from "./blocks.ts";

const playground = join(root, "dist/docs"); // ignored by git, and not below node_modules, where Node strips no types

/** Lays the folder anew and writes each block into it; returns where each one is. */
export function layPlayground(blocks: readonly Block[]): { dir: string; files: ReadonlyMap<Block, string> } {
  rmSync(playground, { recursive: true, force: true });
  mkdirSync(playground, { recursive: true });
  write("package.json", JSON.stringify({ private: true, type: "module" }));
  write("tsconfig.json", JSON.stringify(tsconfig()));
  for (const { dir, manifest } of publicPackages()) linkInto(playground, manifest.name, dir);
  for (const [name, target] of installedElsewhere()) linkInto(playground, name, target);
  const files = new Map<Block, string>();
  for (const block of blocks) {
    const file = `${block.page}.${block.line}.${block.language}`;
    write(file, onItsLines([...block.before, block]));
    files.set(block, join(playground, file));
  }
  return { dir: playground, files };
}

/** Turns the names of the playground's files in an output back into the pages that they come from. */
export function namedByPage(output: string): string {
  const below = relative(root, playground).replaceAll("\\", "/");
  return output
    .replaceAll(`file://${playground}/`, "")
    .replaceAll(`${playground}/`, "")
    .replaceAll(`${below}/`, "")
    .replace(
      /(\.(?:md|ts))\.\d+\.(?:tsx?|js)\b(?:\((\d+),(\d+)\))?/g,
      (_, page: string, line?: string, column?: string) =>
        line === undefined ? page : `${page}:${line}:${String(column)}`,
    );
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(playground, file)), { recursive: true });
  writeFileSync(join(playground, file), text);
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
