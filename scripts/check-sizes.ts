// What each entry weighs, minified and gzipped, against budgets.json: its own code, and with everything that it imports,
// bundled for Node and for browsers. And what a bundler leaves out: what isn't used, and every package that isn't declared.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { valuesOf } from "./pack/project.ts";
import { importNames, resolveTarget, type Entry } from "./workspace/entries.ts";
import { publicPackages, root, type Package } from "./workspace/packages.ts";
import { report, type Problem } from "./workspace/problems.ts";
import { bundleUse } from "./workspace/shaking.ts";

type Platform = "node" | "browser";

interface Weight {
  /** The name that users import, with the condition that selects this file if there is a choice. */
  readonly entry: string;
  /** Bytes of its own code: other packages stay outside; undefined where it can't be bundled. */
  readonly own: number | undefined;
  /** Bytes with everything that it imports; undefined where it is not meant for that platform, or can't be bundled for it. */
  readonly node: number | undefined;
  readonly browser: number | undefined;
}

/** Bytes by entry. `null`: measured and not bounded, for what is not sent to anybody's browser. */
type Budgets = Readonly<Record<string, number | null>>;

const BUDGETS = "scripts/budgets.json";

const budgets = JSON.parse(readFileSync(join(root, BUDGETS), "utf8")) as Budgets; // a file of this folder, checked below
const folders = new Map(publicPackages().map(({ manifest, dir }) => [manifest.name, dir]));
const weights = await weighAll();
const uses = await weighUses();
printTable();
report(
  [...excesses(), ...(await keptProblems())],
  `${weights.length} entries, ${kilobytes(weights.reduce((sum, { own = 0 }) => sum + own, 0))} of own code`,
);

async function weighAll(): Promise<Weight[]> {
  const files = publicPackages().flatMap((pkg) =>
    [...importNames(pkg)].flatMap(([name, entries]) => {
      const target = pkg.manifest.exports?.[`.${name.slice(pkg.manifest.name.length)}`] ?? null;
      const isFor = (source: string, platform: Platform): boolean =>
        resolveTarget(target, [platform, "import"]) === `./${source}`;
      return [...new Set(entries.map(({ source }) => source))].map((source) => ({
        entry: labelOf(name, entries, source),
        file: join(pkg.dir, source),
        platforms: (["node", "browser"] as const).filter((platform) => isFor(source, platform)),
      }));
    }),
  );
  return Promise.all(
    files.map(async ({ entry, file, platforms }) => ({
      entry,
      own: await weigh(file, "external", platforms.includes("browser") ? "browser" : "node"),
      node: platforms.includes("node") ? await weigh(file, "bundle", "node") : undefined,
      browser: platforms.includes("browser") ? await weigh(file, "bundle", "browser") : undefined,
    })),
  );
}

/** The name that users import, with the conditions that lead to this file where it is not the one for all others. */
function labelOf(name: string, entries: readonly Entry[], source: string): string {
  const chains = entries.filter((entry) => entry.source === source).map(({ conditions }) => conditions);
  if (chains.some((chain) => chain.every((condition) => condition === "default"))) return name;
  const choices = chains.map((chain) => chain.join(".")).filter((choice) => choice !== "types");
  return `${name} (${choices.join(", ")})`;
}

async function weigh(file: string, packages: "bundle" | "external", platform: Platform): Promise<number | undefined> {
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      write: false,
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2023",
      platform,
      packages,
      external: ["node:*"],
      legalComments: "none",
      logLevel: "silent",
    });
    return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  } catch {
    return undefined;
  }
}

/** The budgets of names that are used alone: `{ isAuthError } of @authflow/flow`. */
async function weighUses(): Promise<{ key: string; bytes: number }[]> {
  const keys = Object.keys(budgets).filter((key) => key.startsWith("{"));
  return Promise.all(
    keys.map(async (key) => {
      const [, name = "", entry = ""] = /^\{ (\w+) \} of (\S+)$/.exec(key) ?? [];
      return { key, bytes: (await bundleUse(entry, [name], folders)).bytes };
    }),
  );
}

/** What a bundle holds of an entry that it doesn't use, and of packages that have nothing to do with it. */
async function keptProblems(): Promise<Problem[]> {
  const entries = publicPackages().flatMap((pkg) => valuesOf(pkg, "browser").map((entry) => ({ pkg, entry })));
  const problems = await Promise.all(
    entries.map(async ({ pkg, entry: [name, values] }): Promise<Problem[]> => {
      const [unused, all] = [await bundleUse(name, [], folders), await bundleUse(name, values, folders)];
      const declared = declaredBy(pkg);
      const strange = all.packages.filter((found) => !declared.has(found));
      const at = pkg.manifest.name;
      return [
        ...(unused.bytes > 0 ? [`${name} leaves ${unused.bytes} bytes in a bundle that uses nothing of it.`] : []),
        ...strange.map((found) => `${name} brings ${found} into a bundle, which the package doesn't declare.`),
      ].map((message) => ({ at, rule: "shaking", message }));
    }),
  );
  return problems.flat();
}

/** The package itself, and what it depends on, siblings with what they depend on. */
function declaredBy({ manifest }: Package, found = new Set<string>()): Set<string> {
  found.add(manifest.name);
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const sibling = publicPackages().find((pkg) => pkg.manifest.name === name);
    if (!sibling) found.add(name);
    else if (!found.has(name)) declaredBy(sibling, found);
  }
  return found;
}

function excesses(): Problem[] {
  const problems: Problem[] = [];
  for (const { key, bytes } of uses) {
    const budget = budgets[key] ?? 0;
    if (bytes <= budget) continue;
    const message = `${key} weighs ${bytes} bytes where a bundle uses nothing else, ${budget} at most; see what it needs by now.`;
    problems.push({ at: BUDGETS, rule: "shaking", message });
  }
  for (const { entry, own } of weights) {
    const budget = budgets[entry];
    if (own === undefined) {
      problems.push({ at: entry, rule: "bundle", message: "can't be bundled; `npm run build` says why." });
    } else if (budget === undefined) {
      problems.push({ at: BUDGETS, rule: "budget", message: `${entry} has none; it weighs ${own} bytes. Add a line.` });
    } else if (budget !== null && own > budget) {
      const message = `${entry} weighs ${own} bytes, ${budget} at most; make it smaller, or raise the budget and say why.`;
      problems.push({ at: BUDGETS, rule: "budget", message });
    }
  }
  for (const key of Object.keys(budgets)) {
    if (key.startsWith("{") || weights.some(({ entry }) => entry === key)) continue;
    problems.push({ at: BUDGETS, rule: "budget", message: `${key} is no entry of any package; remove its line.` });
  }
  return problems;
}

function printTable(): void {
  const rows = [
    ["minified, gzipped", "own", "budget", "all (Node)", "all (browser)"],
    ...weights.map(({ entry, own, node, browser }) => [
      entry,
      kilobytes(own),
      kilobytes(budgets[entry] ?? undefined),
      kilobytes(node),
      kilobytes(browser),
    ]),
    ...uses.map(({ key, bytes }) => [key, kilobytes(bytes), kilobytes(budgets[key] ?? undefined), "", ""]),
  ];
  const first = Math.max(...rows.map(([name = ""]) => name.length));
  for (const [name = "", ...cells] of rows)
    console.log(name.padEnd(first) + cells.map((cell) => cell.padStart(15)).join(""));
}

function kilobytes(bytes: number | undefined): string {
  return bytes === undefined ? "–" : `${(bytes / 1000).toFixed(2)} kB`;
}
