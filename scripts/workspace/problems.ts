// How every check says what it found: one line a problem, that names the place, the rule and what to do.
// A check ends with the line that `npm test` shows beside its name.

export interface Problem {
  /** The file, from the root of the workspace, with the line if there is one: "packages/flow/src/run.ts:12". */
  readonly at: string;
  readonly rule: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** The exit code of a check that could not run, for example because a program is absent. Its last line says why. */
export const SKIPPED = 77;

/** How a line begins that says what a check left out; `npm test` shows these lines whatever the result. */
export const LEFT_OUT = "left out: ";

/** Prints the problems, or the summary when there are none, and sets the exit code. */
export function report(problems: readonly Problem[], summary: string): void {
  if (problems.length === 0) {
    console.log(summary);
    return;
  }
  for (const { at, rule, message } of problems) console.log(`${at}\n  ${rule}: ${message}`);
  console.log(`${problems.length} ${problems.length === 1 ? "problem" : "problems"}`);
  process.exitCode = 1;
}
