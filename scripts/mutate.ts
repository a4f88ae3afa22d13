// `npm run mutate`: breaks the sources on purpose, one small change at a time, and asks whether a check turns red. What
// survives says which promise nobody tests; it needs a test, or a reason in mutation/survivors.json.
//
//   npm run mutate                                 60 mutants of flow, digest and core
//   npm run mutate -- --count=20 --seed=7 flow     20 others, of flow alone
//   npm run mutate -- --write                      and docs/mutations.md says what came out
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choose } from "./mutation/choose.ts";
import { explainedBy, staleExplanations, type Explanation } from "./mutation/explain.ts";
import { firstFailure, judge, noticedByTypes, type Verdict } from "./mutation/judge.ts";
import { mutantsOf, type Mutant } from "./mutation/mutants.ts";
import { pageOf } from "./mutation/page.ts";
import { isTest, root, shown, sourceFiles } from "./workspace/packages.ts";
import { sideBySide } from "./workspace/run.ts";
import { scratchCopy, type Scratch } from "./workspace/scratch.ts";

const PACKAGES = ["flow", "digest", "core"];
const WORKERS = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const folders = positionals.length > 0 ? positionals : PACKAGES;
const explanations = JSON.parse(
  readFileSync(join(import.meta.dirname, "mutation/survivors.json"), "utf8"),
) as Explanation[]; // a file of this folder, checked below

const all = folders.map((folder) => sourcesOf(folder).flatMap((path) => mutantsOf(path, readText(path))));
const chosen = choose(all, count, seed);
console.log(`${chosen.length} of ${all.flat().length} mutants of ${folders.join(", ")}, seed ${seed}`);
const verdicts = await tryAll(chosen);
conclude(verdicts);

function sourcesOf(folder: string): string[] {
  const files = sourceFiles(join(root, "packages", folder, "src")).filter((path) => !isTest(path));
  if (files.length === 0) throw new Error(`packages/${folder} has no sources.`);
  return files.map((path) => shown(path));
}

function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

async function tryAll(mutants: readonly Mutant[]): Promise<Verdict[]> {
  const copies: Scratch[] = Array.from({ length: WORKERS }, () => scratchCopy());
  try {
    const [first] = copies;
    if (first) await expectGreen(first.dir);
    const free = [...copies];
    return await sideBySide(mutants, WORKERS, async (mutant) => {
      const copy = free.pop();
      if (!copy) throw new Error("There are more workers than copies.");
      const verdict = await judge(copy.dir, mutant);
      free.push(copy);
      const { killedBy, seconds } = verdict;
      console.log(
        `${killedBy === undefined ? "survived" : "killed  "} ${seconds.toFixed(0).padStart(4)} s  ${told(mutant)}`,
      );
      if (killedBy !== undefined) console.log(`                  by ${killedBy}`);
      return verdict;
    });
  } finally {
    for (const copy of copies) copy[Symbol.dispose]();
  }
}

/** What is red before anything was changed would kill every mutant. */
async function expectGreen(dir: string): Promise<void> {
  const projects = folders.flatMap((folder) => ["--project", folder]);
  const red = (await noticedByTypes(dir)) ?? (await firstFailure(dir, ["run", ...projects]));
  if (red !== undefined) throw new Error(`The workspace is not green as it is: ${red}`);
}

function conclude(tried: readonly Verdict[]): void {
  const survivors = tried.filter(({ killedBy }) => killedBy === undefined).map(({ mutant }) => mutant);
  const unexplained = survivors.filter((mutant) => !explainedBy(explanations, mutant));
  for (const mutant of unexplained) console.log(`\nNothing notices ${told(mutant)}`);
  for (const { path, line } of staleExplanations(explanations, readText)) {
    console.log(`\nmutation/survivors.json explains a line that ${path} no longer has: ${line}`);
    process.exitCode = 1;
  }
  if (values.write) writeFileSync(join(root, "docs/mutations.md"), pageOf(tried, explanations, { folders, seed }));
  if (unexplained.length > 0) process.exitCode = 1;
  console.log(`\n${tried.length - unexplained.length} passed, ${unexplained.length} failed`);
}

function told({ path, line, kind, from, to }: Mutant): string {
  const change = kind === "file" ? "deleted" : `${from} → ${to === "{}" ? "(nothing)" : to}`;
  return `${path}:${line}  ${change.replace(/\s+/g, " ")}`;
}
