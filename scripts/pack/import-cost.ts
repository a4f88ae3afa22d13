// What Node loads when an entry is imported, against imports.json: files of other packages, modules of Node itself, and how
// much JavaScript. A machine that is busy makes the time of an import worth nothing as a limit; this is what the time is
// made of, and the same everywhere. bench/ has the time.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace/packages.ts";
import type { Problem } from "../workspace/problems.ts";
import { run, sideBySide } from "../workspace/run.ts";

/** What importing an entry may cost. */
export interface ImportBudget {
  /** The packages and the modules of Node that are loaded with it, by name. */
  readonly loads: readonly string[];
  /** JavaScript that is compiled, in kB (1000 bytes). */
  readonly kilobytes: number;
}

const BUDGETS = "scripts/imports.json";

// Plain JavaScript that runs in the project, in a process that has loaded nothing else of it.
const COUNTER = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({
  load(url, context, next) {
    const result = next(url, context);
    loaded.push([url, result.source?.length ?? 0]);
    return result;
  },
});
await import(process.argv[2]);
console.log(JSON.stringify(loaded));
`;

/** The budgets by entry. */
export function importBudgets(): Readonly<Record<string, ImportBudget>> {
  // A file of this folder, whose entries are compared with what there is.
  return JSON.parse(readFileSync(join(root, BUDGETS), "utf8")) as Record<string, ImportBudget>;
}

/** Imports each entry in a process of its own, in a project where the tarballs are installed. */
export async function checkImportCost(dir: string, entries: readonly string[]): Promise<Problem[]> {
  writeFileSync(join(dir, "count.mjs"), COUNTER);
  const budgets = importBudgets();
  const problems = await sideBySide(entries, 2, async (entry) => {
    const { code, stdout, output } = await run(process.execPath, ["count.mjs", entry], {
      cwd: dir,
      env: { NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
    });
    if (code !== 0) return [{ at: entry, rule: "import", message: output.trim() }];
    return compare(entry, costOf(entry, JSON.parse(stdout) as [url: string, bytes: number][]), budgets[entry]); // as COUNTER says it
  });
  const stale = Object.keys(budgets).filter((entry) => !entries.includes(entry));
  return [
    ...problems.flat(),
    ...stale.map((entry) => ({
      at: BUDGETS,
      rule: "import",
      message: `${entry} is no entry of any package; remove its line.`,
    })),
  ];
}

function costOf(entry: string, loaded: readonly (readonly [url: string, bytes: number])[]): ImportBudget {
  const own = entry.split("/").slice(0, 2).join("/");
  const names = loaded.map(([url]) => url.replace(/^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, "$1"));
  const loads = [...new Set(names)].filter((name) => name !== own).toSorted();
  return { loads, kilobytes: loaded.reduce((sum, [, bytes]) => sum + bytes, 0) / 1000 };
}

function compare(entry: string, cost: ImportBudget, budget: ImportBudget | undefined): Problem[] {
  if (!budget) {
    const line = `"${entry}": ${JSON.stringify({ ...cost, kilobytes: Math.ceil(cost.kilobytes * 1.05) })}`;
    return [{ at: BUDGETS, rule: "import", message: `${entry} has no line; add ${line}` }];
  }
  const problems: string[] = [];
  const more = cost.loads.filter((name) => !budget.loads.includes(name));
  const fewer = budget.loads.filter((name) => !cost.loads.includes(name));
  if (more.length > 0) problems.push(`loads ${more.join(", ")}; load it where it is used, or add it and say why.`);
  if (fewer.length > 0) problems.push(`does not load ${fewer.join(", ")} any more; take it out.`);
  if (cost.kilobytes > budget.kilobytes) {
    problems.push(`compiles ${cost.kilobytes.toFixed(1)} kB, ${budget.kilobytes} at most.`);
  }
  return problems.map((problem) => ({ at: BUDGETS, rule: "import", message: `${entry} ${problem}` }));
}
