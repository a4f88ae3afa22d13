// Why a change may survive: it means the same, or what it breaks can't be seen by a test that depends on no clock. An
// explanation holds for a change to a line as it reads today, and is stale once the line reads otherwise.
import type { Mutant } from "./mutants.ts";

export interface Explanation {
  readonly path: string;
  /** The line as it stands in the file, without its indentation. */
  readonly line: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** The explanation of a mutant, if there is one. */
export function explainedBy(explanations: readonly Explanation[], mutant: Mutant): Explanation | undefined {
  return explanations.find(
    ({ path, line, from, to }) =>
      path === mutant.path && line === mutant.text && from === plain(mutant.from) && to === plain(mutant.to),
  );
}

/** The explanations whose lines are gone. */
export function staleExplanations(
  explanations: readonly Explanation[],
  textOf: (path: string) => string,
): Explanation[] {
  return explanations.filter(({ path, line }) => !textOf(path).includes(line));
}

/** A change as it is written in one line. */
export function plain(code: string): string {
  return code.replace(/\s+/g, " ");
}
