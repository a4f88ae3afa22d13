// docs/mutations.md: what came out of a run.
import { markdownTable } from "../docs/table.ts";
import { explainedBy, plain, type Explanation } from "./explain.ts";
import type { Verdict } from "./judge.ts";
import type { Kind, Mutant } from "./mutants.ts";

const KINDS: Readonly<Record<Kind, string>> = {
  condition: "a condition negated",
  operator: "an operator for another, or `??` without its right side",
  constant: "a number, text or boolean for another",
  statement: "a statement left out",
  file: "a file deleted",
};

/** What {@link countsOf} gives. */
const COUNTED = ["changes", "noticed by types", "by tests", "survive"];

/** The page for a run. */
export function pageOf(
  verdicts: readonly Verdict[],
  explanations: readonly Explanation[],
  { folders, seed }: { readonly folders: readonly string[]; readonly seed: number },
): string {
  const survivors = verdicts.filter(({ killedBy }) => killedBy === undefined).map(({ mutant }) => mutant);
  const rows = folders.map((folder) => {
    const own = verdicts.filter(({ mutant }) => mutant.path.startsWith(`packages/${folder}/`));
    return [`\`${folder}\``, ...countsOf(own)];
  });
  const kinds = (Object.keys(KINDS) as Kind[]).map((kind) => [
    KINDS[kind],
    ...countsOf(verdicts.filter(({ mutant }) => mutant.kind === kind)),
  ]);
  return `# What the tests notice

The sources are broken on purpose, one small change at a time, and the checks are run: the types, then the tests that import the
file. A change that nothing notices shows a promise that nobody tests. Written by \`npm run mutate -- --write\`; the same seed makes
the same changes.

Seed ${seed}: ${verdicts.length - survivors.length} of ${verdicts.length} changes are noticed, and ${["none survives", "one survives"][survivors.length] ?? `${survivors.length} survive`}.

${markdownTable(["Package", ...COUNTED], rows)}

${markdownTable(["Change", ...COUNTED], kinds)}

Deleting a file is not left to chance: \`npm test -- architecture\` holds that an entry of its package reaches every source, so
without any one of them an import leads nowhere, and the types say so.

## What survives, and why

${survivors.map((mutant) => survivorLine(mutant, explanations)).join("\n") || "Nothing in this run."}

## What earlier runs found

Changes that survived under other seeds, and mean the same or can't be seen. What else survived got a test.

${
  explanations
    .filter((explanation) => survivors.every((mutant) => explainedBy([explanation], mutant) === undefined))
    .map((explanation) => line(explanation, explanation.why))
    .join("\n") || "Nothing."
}
`;
}

function countsOf(verdicts: readonly Verdict[]): string[] {
  const byTypes = verdicts.filter(({ killedBy }) => killedBy?.startsWith("types") === true).length;
  const survived = verdicts.filter(({ killedBy }) => killedBy === undefined).length;
  return [verdicts.length, byTypes, verdicts.length - byTypes - survived, survived].map(String);
}

function survivorLine(mutant: Mutant, explanations: readonly Explanation[]): string {
  return line(mutant, explainedBy(explanations, mutant)?.why ?? "Not explained.");
}

function line({ path, from, to }: { path: string; from: string; to: string }, why: string): string {
  const change = `\`${plain(from)}\` ${to === "{}" ? "left out" : `→ \`${plain(to)}\``}`;
  return `- [\`${path.replace(/^packages\//, "")}\`](../${path}): ${change}. ${why}`;
}
