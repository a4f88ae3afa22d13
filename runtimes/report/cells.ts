// The table: a row a promise, a column a runtime. A letter in a cell is a gap of that platform, told of below the table.
import type { Performance } from "../machinery/perform.ts";
import { ABILITIES, type Ability } from "../specification/abilities.ts";
import { type Chapter, lackedBy } from "../specification/case.ts";
import { chapters } from "../specification/chapters.ts";

export interface Cell {
  /** How many cases passed, of the row's; undefined where the runtime isn't installed. */
  readonly passed: number | undefined;
  readonly gaps: readonly Ability[];
}

export interface Row {
  readonly chapter: Chapter;
  /** A cell for each performance. */
  readonly cells: readonly Cell[];
}

export function rowsOf(performances: readonly Performance[]): Row[] {
  let first = 0;
  return chapters.map((chapter) => {
    const range = [first, (first += chapter.cases.length)] as const;
    const cells = performances.map(({ runtime, version, failures }) => ({
      passed:
        version === undefined ? undefined : failures.slice(...range).filter((failure) => failure === undefined).length,
      gaps: gapsOf(chapter, runtime.lacks),
    }));
    return { chapter, cells };
  });
}

/** The letter that stands for a gap. */
export function letterOf(gap: Ability): string {
  return String.fromCharCode("a".charCodeAt(0) + Object.keys(ABILITIES).indexOf(gap));
}

/** As it is written in the table: `✓`, `✓ ab`, `✗ 3/7`, `–` where nothing was run. */
export function written({ passed, gaps }: Cell, { cases }: Chapter): string {
  if (passed === undefined) return "–";
  const letters = gaps.map((gap) => letterOf(gap)).join("");
  const mark = passed === cases.length ? "✓" : `✗ ${passed}/${cases.length}`;
  return letters ? `${mark} ${letters}` : mark;
}

function gapsOf({ cases }: Chapter, lacks: readonly Ability[]): Ability[] {
  const lacked = new Set(cases.flatMap((given) => lackedBy(given, lacks)));
  return lacks.filter((ability) => lacked.has(ability)).toSorted((a, b) => letterOf(a).localeCompare(letterOf(b)));
}
