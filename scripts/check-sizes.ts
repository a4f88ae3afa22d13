// What each entry weighs, minified and gzipped, against budgets.json: its own code, and with everything that it imports,
// bundled for Node and for browsers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { importNames } from "./workspace/entries.ts";
import { publicPackages, root } from "./workspace/packages.ts";
import { report, type Problem } from "./workspace/problems.ts";

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
const weights = await weighAll();
printTable();
report(
  excesses(),
  `${weights.length} entries, ${kilobytes(weights.reduce((sum, { own = 0 }) => sum + own, 0))} of own code`,
);

async function weighAll(): Promise<Weight[]> {
  const files = publicPackages().flatMap((pkg) =>
    [...importNames(pkg)].flatMap(([name, entries]) =>
      entries.map(({ conditions, source }) => {
        const choice = conditions.filter((condition) => condition !== "default").join(", ");
        const hasChoice = entries.length > 1;
        return { entry: choice ? `${name} (${choice})` : name, choice, hasChoice, file: join(pkg.dir, source) };
      }),
    ),
  );
  return Promise.all(
    files.map(async ({ entry, choice, hasChoice, file }) => ({
      entry,
      own: await weigh(file, "external", "browser"),
      node: hasChoice && choice !== "node" ? undefined : await weigh(file, "bundle", "node"),
      browser: hasChoice && choice === "node" ? undefined : await weigh(file, "bundle", "browser"),
    })),
  );
}

async function weigh(
  file: string,
  packages: "bundle" | "external",
  platform: "browser" | "node",
): Promise<number | undefined> {
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

function excesses(): Problem[] {
  const problems: Problem[] = [];
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
    if (weights.some(({ entry }) => entry === key)) continue;
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
  ];
  const first = Math.max(...rows.map(([name = ""]) => name.length));
  for (const [name = "", ...cells] of rows)
    console.log(name.padEnd(first) + cells.map((cell) => cell.padStart(15)).join(""));
}

function kilobytes(bytes: number | undefined): string {
  return bytes === undefined ? "–" : `${(bytes / 1000).toFixed(2)} kB`;
}
