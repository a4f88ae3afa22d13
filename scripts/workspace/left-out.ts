/** What vitest's JSON report says of a test. */
export interface TestResult {
  readonly status: string;
  /** The titles of the groups that it stands in, the outermost first. */
  readonly ancestorTitles: readonly string[];
}

/** Why tests didn't run, with their number: the groups that need a program which isn't installed end in "(left out: why)". */
export function leftOut(tests: readonly TestResult[]): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const { status, ancestorTitles } of tests) {
    const [, reason] = /\(left out: ([^)]+)\)/.exec(ancestorTitles.join("\n")) ?? [];
    if (reason === undefined || status === "passed" || status === "failed") continue;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return reasons;
}
