// Runs every test of the workspace and counts them. A package that is published and has no test that passes is a failure;
// so is a file that could not be loaded, and an error that no test caught. Tests that need a program that isn't installed are
// named: their group's title ends in "(left out: why)". Where CI is set, that is a failure, too.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { publicPackages, shown } from "./workspace/packages.ts";
import { type TestResult, leftOut } from "./workspace/left-out.ts";
import { LEFT_OUT } from "./workspace/problems.ts";
import { run } from "./workspace/run.ts";

/** What this check reads of vitest's JSON report. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

const folder = mkdtempSync(join(tmpdir(), "authflow-tests-"));
const file = join(folder, "report.json");
const { code, output } = await run(
  "vitest",
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, "--passWithNoTests"],
  { env: { NO_COLOR: "1" } },
);
const results = existsSync(file) ? readReport(file) : undefined;
rmSync(folder, { recursive: true });

if (!results) {
  console.log(`${output}\nvitest made no report, so nothing is known about the tests.`);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
} else {
  const unloaded = results.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const untested = publicPackages().filter(({ dir }) => !hasPassed(results, dir));
  const uncaught = code !== 0 && results.numFailedTests + unloaded.length === 0 ? 1 : 0;
  const absent = [...leftOut(results.testResults.flatMap(({ assertionResults }) => assertionResults))];
  const missing = process.env["CI"] ? absent.length : 0;
  const failed = results.numFailedTests + unloaded.length + untested.length + uncaught + missing;
  const skipped = results.numPendingTests + results.numTodoTests;
  if (code !== 0) console.log(output);
  for (const { dir } of untested)
    console.log(`${shown(dir)} has no test that passes; every published package has tests beside its sources.`);
  for (const [reason, tests] of absent) console.log(`${LEFT_OUT}${tests} tests, since ${reason}`);
  console.log(`${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  if (failed > 0) process.exitCode = 1;
}

function readReport(path: string): Report {
  // vitest's own format, whose version the lockfile fixes.
  return JSON.parse(readFileSync(path, "utf8")) as Report;
}

function hasPassed({ testResults }: Report, dir: string): boolean {
  return testResults.some(
    ({ name, assertionResults }) =>
      name
        .split("/")
        .join(sep)
        .startsWith(dir + sep) && assertionResults.some(({ status }) => status === "passed"),
  );
}
