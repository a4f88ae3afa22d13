// Tries a mutant in a copy of the workspace: the types first, since they cost least, then the tests that import the file.
import { rmSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runBounded } from "./bounded.ts";
import { mutated, type Mutant } from "./mutants.ts";

export interface Verdict {
  readonly mutant: Mutant;
  /** What noticed the change; undefined where nothing did. */
  readonly killedBy: string | undefined;
  readonly seconds: number;
}

/** Milliseconds after which a change counts as one that makes something hang. */
const TYPES_TIMEOUT = 120_000;
const TESTS_TIMEOUT = 300_000;

const ATTEMPTS = 3;
const VITEST = ["--bail=1", "--passWithNoTests", "--maxWorkers=2", "--testTimeout=60000", "--reporter=default"];

/** Makes the change, asks the checks one after the other until one notices it, and takes the change back. */
export async function judge(workspace: string, mutant: Mutant): Promise<Verdict> {
  const began = performance.now();
  const path = join(workspace, mutant.path);
  const text = readFileSync(path, "utf8");
  const changed = mutated(text, mutant);
  if (changed === undefined) rmSync(path);
  else writeFileSync(path, changed);
  try {
    const killedBy = (await noticedByTypes(workspace)) ?? (await noticedByTests(workspace, mutant));
    return { mutant, killedBy, seconds: (performance.now() - began) / 1000 };
  } finally {
    writeFileSync(path, text);
  }
}

/** What the types say of the workspace as it is; undefined for nothing. That something is unused says nothing of what it does. */
export async function noticedByTypes(workspace: string): Promise<string | undefined> {
  const unused = ["--noUnusedLocals", "false", "--noUnusedParameters", "false"];
  const args = ["-p", "tsconfig.test.json", "--pretty", "false", ...unused];
  const { code, output } = await runBounded(workspace, TYPES_TIMEOUT, "tsc", args);
  if (code === 0) return undefined;
  return `types: ${/error TS\d+/.exec(output)?.[0] ?? "tsc failed"}`;
}

/** The first test that fails: of the file's own package, then of the others that import the file. */
async function noticedByTests(workspace: string, { path }: Mutant): Promise<string | undefined> {
  const own = path.split("/")[1] ?? "";
  return (
    (await firstFailure(workspace, ["related", path, "--run", "--project", own])) ??
    (await firstFailure(workspace, ["related", path, "--run", "--project", "!interop", "--project", "!bench"]))
  );
}

/**
 * The first test that fails in a run of vitest, and again when its file runs alone; undefined where none does. A test that
 * fails only once says something of the machine, busy as it is, and stopped the run before the others: so it starts anew.
 */
export async function firstFailure(workspace: string, args: readonly string[]): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = await failure(workspace, args);
    if (!first?.file) return first?.said;
    const again = await failure(workspace, ["run", first.file, "--project", first.project]);
    if (again) return again.said;
  }
  return undefined;
}

interface Failure {
  readonly said: string;
  readonly project: string;
  readonly file: string | undefined;
}

async function failure(workspace: string, args: readonly string[]): Promise<Failure | undefined> {
  const { code, output } = await runBounded(workspace, TESTS_TIMEOUT, "vitest", [...args, ...VITEST]);
  if (code === 0) return undefined;
  if (code === undefined) return { said: "a time-out", project: "", file: undefined };
  const [, project = "", file, title = ""] = /^ *FAIL +\|([\w-]+)\| (\S+\.ts) ?(.*)$/m.exec(output) ?? [];
  return { said: file === undefined ? "vitest, which fails" : `${project}: ${file} ${title}`, project, file };
}
