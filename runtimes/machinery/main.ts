import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Runtime } from "../adapters/runtime.ts";
import { runtimes } from "../adapters/runtimes.ts";
import { failuresIn, tableOf } from "../report/console.ts";
import { isFresh, writePage } from "../report/page.ts";
import { run, sideBySide } from "../../scripts/workspace/run.ts";
import { here, installRuntimes, linkPackages } from "../setup.ts";
import { Site } from "../site/site.ts";
import { installTarballs } from "./installed.ts";
import { perform, type Performance } from "./perform.ts";

/** Where CI is set nothing may be left out. */
const isComplete = process.env["CI"] !== undefined;

export async function main(args: readonly string[]): Promise<void> {
  const writes = args.includes("--write");
  const names = args.filter((arg) => arg !== "--write");
  const known = runtimes().map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no runtime ${unknown.join(", ")}. There are ${known.join(", ")}.`);

  const folder = realpathSync(mkdtempSync(join(tmpdir(), "authflow-runtimes-")));
  try {
    await Promise.all([installRuntimes(), installTarballs(folder)]);
    linkPackages();
    const chosen = runtimes().filter(({ name }) => names.length === 0 || names.includes(name));
    await performAll(chosen, folder, writes);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function performAll(chosen: readonly Runtime[], folder: string, writes: boolean): Promise<void> {
  const problems: string[] = [];
  const types = await run("tsc", ["-p", here, "--pretty", "false"]);
  if (types.code !== 0) problems.push(`✗ types:\n${types.output}`);
  await using site = await Site.start();
  const performances = await sideBySide(chosen, 2, (runtime) => perform(runtime, site, folder));
  problems.push(...failuresIn(performances), ...leftOut(performances));
  problems.push(...pageProblems(performances, problems.length === 0, writes));

  console.log(tableOf(performances));
  for (const problem of problems) console.log(`\n${problem}`);
  const ran = performances.filter(({ version }) => version !== undefined);
  const passed = ran.reduce((sum, { failures }) => sum + failures.filter((failure) => failure === undefined).length, 0);
  console.log(`\n${passed} passed, ${problems.length} failed`);
  if (problems.length > 0) process.exitCode = 1;
}

/** Writes the page, or says that it is stale. Only a run of everything, in which everything passed, knows what it has to say. */
function pageProblems(performances: readonly Performance[], isGood: boolean, writes: boolean): string[] {
  const isWhole =
    performances.length === runtimes().length && performances.every(({ version }) => version !== undefined);
  if (!isGood || !isWhole) {
    return writes ? ["✗ docs/runtimes.md was not written: that takes all runtimes, and all cases."] : [];
  }
  if (writes) writePage(performances);
  return isFresh(performances) ? [] : ["✗ docs/runtimes.md is stale; run `npm run test:runtimes -- --write`."];
}

function leftOut(performances: readonly Performance[]): string[] {
  if (!isComplete) return [];
  return performances
    .filter(({ version }) => version === undefined)
    .map(({ runtime }) => `✗ ${runtime.name} isn't installed: the table has an unexplained gap.`);
}
