// A folder in which every block of the documentation is a file that finds the packages by name, as it would in a
// reader's project. The code stands on the lines on which the page shows it, so that every error names the right one.
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { publicPackages, readManifest, root } from "../workspace/packages.ts";
import type { Block } from "./blocks.ts";

const playground = join(root, "dist/docs"); // ignored by git, and not below node_modules, where Node strips no types

/** Lays the folder anew and writes each block into it; returns where each one is. */
export function layPlayground(blocks: readonly Block[]): { dir: string; files: ReadonlyMap<Block, string> } {
  rmSync(playground, { recursive: true, force: true });
  mkdirSync(playground, { recursive: true });
  write("package.json", JSON.stringify({ private: true, type: "module" }));
  write("tsconfig.json", JSON.stringify(tsconfig()));
  linkPackages();
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

/** Every package of the workspace, and whatever any of them is installed with (ky, undici). */
function linkPackages(): void {
  for (const { dir, manifest } of publicPackages()) link(manifest.name, dir);
  for (const dir of [...publicPackages().map((pkg) => pkg.dir), join(root, "examples"), join(root, "bench")]) {
    if (!existsSync(join(dir, "package.json"))) continue;
    const { dependencies, devDependencies } = readManifest(dir);
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const place = join(dir, "node_modules", name);
      if (existsSync(place)) link(name, realpathSync(place));
    }
  }
}

function link(name: string, dir: string): void {
  const place = join(playground, "node_modules", name);
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(dir, place, "junction");
}
