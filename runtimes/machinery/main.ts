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
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "authflow-runtimes-")));
  try {
    await Promise.all([installRuntimes(), installTarballs(folder)]);
    linkPackages();
    await runIn(folder, args);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function runIn(folder: string, args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => arg !== "--write");
  const all = runtimes();
  const unknown = names.filter((name) => all.every((runtime) => runtime.name !== name));
  if (unknown.length > 0) {
    throw new Error(`There is no runtime ${unknown.join(", ")}. There are ${all.map(({ name }) => name).join(", ")}.`);
  }
  const chosen = all.filter(({ name }) => names.length === 0 || names.includes(name));

  const problems: string[] = [];
  const types = await run("tsc", ["-p", here, "--pretty", "false"]);
  if (types.code !== 0) problems.push(`✗ types:\n${types.output}`);
  const performances = await performAll(chosen, folder);
  problems.push(...failuresIn(performances), ...leftOut(performances));
  if (problems.length === 0 && performances.length === all.length && performances.every(({ version }) => version)) {
    if (args.includes("--write")) writePage(performances);
    else if (!isFresh(performances)) {
      problems.push("✗ docs/runtimes.md is stale; run `npm run test:runtimes -- --write`.");
    }
  } else if (args.includes("--write")) {
    problems.push("✗ docs/runtimes.md was not written: that takes a run of all runtimes, in which everything passes.");
  }

  console.log(tableOf(performances));
  for (const problem of problems) console.log(`\n${problem}`);
  const ran = performances.filter(({ version }) => version !== undefined);
  const passed = ran.reduce((sum, { failures }) => sum + failures.filter((failure) => failure === undefined).length, 0);
  console.log(`\n${passed} passed, ${problems.length} failed`);
  if (problems.length > 0) process.exitCode = 1;
}

async function performAll(chosen: readonly Runtime[], folder: string): Promise<Performance[]> {
  await using site = await Site.start();
  return await sideBySide(chosen, 2, (runtime) => perform(runtime, site, folder));
}

function leftOut(performances: readonly Performance[]): string[] {
  if (!isComplete) return [];
  return performances
    .filter(({ version }) => version === undefined)
    .map(({ runtime }) => `✗ ${runtime.name} isn't installed: the table has an unexplained gap.`);
}
