// What a package offers by name: each source that `exports` or `imports` selects, beside the file that is published for it.
import type { Package, Target } from "./packages.ts";

export interface Entry {
  /** The key in `exports` (".", "./text") or in `imports` ("#digest"). */
  readonly key: string;
  /** The conditions that lead to it, outermost first; empty where there is no choice. */
  readonly conditions: readonly string[];
  /** The source, from the package's folder: "src/index.ts". */
  readonly source: string;
  /** The bundle that is published for it: "dist/index.js". */
  readonly bundle: string;
}

/** The conditions under which a file may name Node's modules or `process`. */
export const PLATFORM_CONDITIONS: ReadonlySet<string> = new Set(["node", "deno", "bun", "node-addons", "module-sync"]);

/** Every source that the package's `exports` and `imports` lead to. */
export function entriesOf({ manifest }: Package): Entry[] {
  return Object.entries({ ...manifest.exports, ...manifest.imports }).flatMap(([key, target]) =>
    leaves(target).map(({ conditions, path }) => {
      const source = path.replace(/^\.\//, "");
      return { key, conditions, source, bundle: publishedFor(source) };
    }),
  );
}

/** The entries that other packages can import, each as the name that they write: "@authflow/netrc/text". */
export function importNames(pkg: Package): Map<string, Entry[]> {
  const names = new Map<string, Entry[]>();
  for (const entry of entriesOf(pkg)) {
    if (entry.key.startsWith("#")) continue;
    const name = pkg.manifest.name + entry.key.slice(1);
    names.set(name, [...(names.get(name) ?? []), entry]);
  }
  return names;
}

/** Where the build puts the bundle of a source. */
export function publishedFor(source: string): string {
  return source.replace(/^src\//, "dist/").replace(/\.ts$/, ".js");
}

/** The path that a target gives under conditions, as Node reads it: the first condition that holds decides; null forbids. */
export function resolveTarget(target: Target, conditions: readonly string[]): string | null | undefined {
  if (target === null || typeof target === "string") return target;
  for (const [condition, inner] of Object.entries(target)) {
    if (condition !== "default" && !conditions.includes(condition)) continue;
    const found = resolveTarget(inner, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

function leaves(target: Target, conditions: readonly string[] = []): { conditions: readonly string[]; path: string }[] {
  if (target === null) return [];
  if (typeof target === "string") return [{ conditions, path: target }];
  return Object.entries(target).flatMap(([condition, inner]) => leaves(inner, [...conditions, condition]));
}
