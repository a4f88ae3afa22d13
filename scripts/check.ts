// `npm test`: every check of the workspace, two at a time, each with its time and result. Ends with `N passed, N failed`,
// where every test counts, and every other check counts as one.
//
//   npm test                        the default checks
//   npm test -- architecture faces  only these
//   npm test -- --all               the slow ones as well, as CI runs them
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { LEFT_OUT, SKIPPED } from "./workspace/problems.ts";
import { root } from "./workspace/packages.ts";
import { run } from "./workspace/run.ts";

interface Check {
  readonly name: string;
  readonly proves: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Checks that have to pass first, where they run at all. */
  readonly after?: readonly string[];
  /** Not among the default checks. */
  readonly slow?: true;
}

const script = (file: string): Check["command"] => [process.execPath, join(root, "scripts", file)];

// In the order in which they start: the longest first where nothing holds them up.
const CHECKS: readonly Check[] = [
  { name: "types", proves: "tsc accepts every file", command: ["tsc", "-b", "--pretty", "false"] },
  { name: "tests", proves: "vitest passes", command: script("check-tests.ts") },
  { name: "format", proves: "every file is as oxfmt writes it", command: ["oxfmt", "--check", "."] },
  { name: "architecture", proves: "imports go down only", command: script("check-architecture.ts") },
  { name: "faces", proves: "each package shows names only", command: script("check-faces.ts") },
  { name: "lint", proves: "oxlint finds nothing", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  {
    name: "table",
    proves: "the README's table is that of the packages",
    command: [...script("packages-table.ts"), "--check"],
  },
  { name: "sizes", proves: "no entry is larger than its budget", command: script("check-sizes.ts") },
  { name: "readmes", proves: "every block of the documentation runs", command: script("check-readmes.ts") },
  { name: "build", proves: "every package builds", command: script("build.ts"), after: ["types"] },
  { name: "pack", proves: "the tarballs install and type-check", command: script("check-pack.ts"), after: ["build"] },
  {
    name: "api",
    proves: "what users see of each entry is what was reviewed",
    command: script("check-api.ts"),
    after: ["pack"], // which builds the declarations that this reads
  },
  {
    name: "types-matrix",
    proves: "the tarballs type-check with every TypeScript that is supported",
    command: script("check-types-matrix.ts"),
    after: ["pack", "api"],
    slow: true,
  },
  {
    name: "runtimes",
    proves: "one specification holds on every runtime, but for the gaps that are listed",
    command: [process.execPath, join(root, "runtimes", "run.ts")],
    after: ["types-matrix"], // both build
    slow: true,
  },
  {
    name: "soak",
    proves: "10,000 calls against servers that fail end as they may",
    command: [process.execPath, join(root, "interop", "soak", "run.ts")],
    slow: true,
  },
  {
    name: "docs",
    proves: "the site builds, and no page of it has a broken link, an error or a request elsewhere",
    command: [process.execPath, join(root, "docs", "check.ts")],
    slow: true,
  },
];

type Verdict = "passed" | "failed" | "skipped";

const COUNTS = /^(?<passed>\d+) passed, (?<failed>\d+) failed(?:, (?<skipped>\d+) skipped)?$/;

const totals: Record<Verdict, number> = { passed: 0, failed: 0, skipped: 0 };
const verdicts = new Map<string, Verdict>();
const wanted = chosen(process.argv.slice(2));
const began = performance.now();

await runAll(wanted);
const failures = wanted.filter(({ name }) => verdicts.get(name) === "failed").map(({ name }) => name);
console.log(
  `\n${seconds(performance.now() - began)} in all${failures.length > 0 ? `; failed: ${failures.join(", ")}` : ""}`,
);
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}`,
);
process.exitCode = totals.failed > 0 ? 1 : 0;

function chosen(args: readonly string[]): Check[] {
  if (args.includes("--all")) return [...CHECKS];
  if (args.length === 0) return CHECKS.filter(({ slow }) => !slow);
  const unknown = args.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.log(`There is no check called ${unknown.join(", ")}. The checks:`);
    for (const { name, proves } of CHECKS) console.log(`  ${name.padEnd(14)}${proves}`);
    process.exit(2);
  }
  return CHECKS.filter(({ name }) => args.includes(name));
}

/** Starts each check as soon as a place is free and what it needs has passed. */
async function runAll(checks: readonly Check[]): Promise<void> {
  const waiting = [...checks];
  const running = new Set<Promise<void>>();
  const places = Math.max(2, availableParallelism());
  while (waiting.length > 0 || running.size > 0) {
    const index =
      running.size < places ? waiting.findIndex((check) => needs(check).every((name) => verdicts.has(name))) : -1;
    const [check] = index === -1 ? [] : waiting.splice(index, 1);
    if (check) {
      const job: Promise<void> = runOne(check).finally(() => running.delete(job));
      running.add(job);
    } else await Promise.race(running);
  }
}

function needs({ after = [] }: Check): string[] {
  return after.filter((name) => wanted.some((check) => check.name === name));
}

async function runOne(check: Check): Promise<void> {
  const blocked = needs(check).filter((name) => verdicts.get(name) !== "passed");
  if (blocked.length > 0) {
    conclude(check, "skipped", "not run", `it needs ${blocked.join(", ")}, which did not pass`);
    return;
  }
  const start = performance.now();
  const [program, ...args] = check.command;
  const { code, output } = await run(program, args, { env: { NO_COLOR: "1" } });
  const lines = output.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  const time = seconds(performance.now() - start);
  const verdict = code === 0 ? "passed" : code === SKIPPED ? "skipped" : "failed";
  const said = verdict === "failed" ? `failed; it proves that ${check.proves}` : last || check.proves;
  conclude(check, verdict, time, said, COUNTS.exec(last)?.groups);
  if (verdict === "failed") console.log(`\n${lines.join("\n").replace(/^/gm, "    ")}\n`);
  else for (const line of lines.filter((text) => text.startsWith(LEFT_OUT))) console.log(`    ${line}`);
}

function conclude(check: Check, verdict: Verdict, time: string, said: string, counts?: Record<string, string>): void {
  verdicts.set(check.name, verdict);
  const counted = {
    passed: Number(counts?.["passed"] ?? 0),
    failed: Number(counts?.["failed"] ?? 0),
    skipped: Number(counts?.["skipped"] ?? 0),
  };
  if (!counts) counted[verdict] = 1;
  else if (verdict === "failed") counted.failed ||= 1; // it failed after its count
  for (const kind of ["passed", "failed", "skipped"] as const) totals[kind] += counted[kind];
  const mark = { passed: "✓", failed: "✗", skipped: "–" }[verdict];
  const skipped = verdict === "skipped" ? "skipped: " : "";
  console.log(`${mark} ${check.name.padEnd(14)}${time.padStart(8)}  ${skipped}${said}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
