import type { Performance } from "../machinery/perform.ts";
import { ABILITIES, type Ability } from "../specification/abilities.ts";
import { caseFor } from "../specification/case.ts";
import { chapters } from "../specification/chapters.ts";
import { letterOf, rowsOf, written } from "./cells.ts";

/** What failed, one runtime after the other. */
export function failuresIn(performances: readonly Performance[]): string[] {
  return performances.flatMap(({ runtime: { name, lacks }, version, failures, complaint }) => {
    if (version === undefined) return [];
    const cases = chapters.flatMap((chapter) => chapter.cases.map((given) => ({ chapter, given })));
    const failed = cases.flatMap(({ chapter, given }, index) => {
      const failure = failures[index];
      if (failure === undefined) return [];
      return [`✗ ${name}: ${chapter.promise}: ${caseFor(given, lacks).title}\n${failure.replace(/^/gm, "    ")}`];
    });
    return complaint === undefined ? failed : [...failed, `✗ ${name} itself: ${complaint}`];
  });
}

/** The table, with a line for each gap in it. */
export function tableOf(performances: readonly Performance[]): string {
  const head = ["", "cases", ...performances.map(({ runtime }) => runtime.name)];
  const versions = ["", "", ...performances.map(({ version }) => version ?? "left out")];
  const times = ["", "", ...performances.map(({ version, time }) => (version ? `${(time / 1000).toFixed(1)} s` : ""))];
  const body = rowsOf(performances).map(({ chapter, cells }) => [
    chapter.promise,
    String(chapter.cases.length),
    ...cells.map((cell) => written(cell, chapter)),
  ]);
  const gaps = (Object.keys(ABILITIES) as Ability[]) // its own keys
    .filter((gap) => performances.some(({ runtime }) => runtime.lacks.includes(gap)))
    .map((gap) => `${letterOf(gap)}  ${ABILITIES[gap].gap} ${ABILITIES[gap].instead}`);
  return [...aligned([head, versions, times, ...body]), "", ...gaps].join("\n");
}

/** The lines of a table, with columns of equal width. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
