// A copy of the workspace in which anything may be changed: every file that git knows or would add, and the same packages
// installed, by links, so that it is there in a moment.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { root } from "./packages.ts";

export interface Scratch extends Disposable {
  readonly dir: string;
}

/** Copies the workspace to a folder of its own, which is removed when the scratch is disposed of. */
export function scratchCopy(): Scratch {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "authflow-scratch-")));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
  for (const file of files) cpSync(join(root, file), join(dir, file));
  const members = files.filter((file) => file.endsWith("package.json")).map((file) => dirname(file));
  for (const member of new Set([".", ...members])) linkInstalled(member, dir);
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A link to a member of the workspace leads to its copy, every other to where it leads here. */
function linkInstalled(member: string, copy: string): void {
  const source = join(root, member, "node_modules");
  if (!existsSync(source)) return;
  const places = readdirSync(source, { withFileTypes: true }).flatMap((entry) => {
    if (/^\.(vite|vitest|cache)/.test(entry.name)) return []; // each copy has its own
    if (!entry.name.startsWith("@")) return [entry.name];
    return readdirSync(join(source, entry.name)).map((name) => join(entry.name, name));
  });
  for (const place of places) {
    const real = realpathSync(join(source, place));
    const target = join(copy, member, "node_modules", place);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(isMember(real) ? join(copy, relative(root, real)) : real, target, "junction");
  }
}

function isMember(path: string): boolean {
  const inside = relative(root, path).split(sep);
  return inside[0] !== ".." && !inside.includes("node_modules");
}
