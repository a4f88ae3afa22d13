// docs/runtimes.md, made of a run in which everything passed.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "../../scripts/docs/table.ts";
import { root } from "../../scripts/workspace/packages.ts";
import type { Performance } from "../machinery/perform.ts";
import { ABILITIES, type Ability } from "../specification/abilities.ts";
import type { Case } from "../specification/case.ts";
import { chapters } from "../specification/chapters.ts";
import { letterOf, rowsOf, written } from "./cells.ts";

const path = join(root, "docs/runtimes.md");

/** Whether the page says what a run has shown. */
export function isFresh(performances: readonly Performance[]): boolean {
  return existsSync(path) && readFileSync(path, "utf8") === pageOf(performances);
}

export function writePage(performances: readonly Performance[]): void {
  writeFileSync(path, pageOf(performances));
}

function pageOf(performances: readonly Performance[]): string {
  const count = chapters.reduce((sum, { cases }) => sum + cases.length, 0);
  const names = performances.map(({ runtime }) => runtime.name);
  return `<!-- Written by \`npm run test:runtimes -- --write\`. -->

# Runtimes

One specification of ${count} cases runs on ${names.slice(0, -1).join(", ")} and ${names.at(-1)}, each time with the
platform's own \`fetch\`, against servers on the same machine. \`npm run test:runtimes\` runs it and prints this table; a gap that
isn't listed below, or is listed and isn't there any more, makes it fail.

${tableOf(performances)}

✓ every case holds. A letter is a gap of the platform: what is listed below holds there instead, and is tested as well.

## Gaps

${gapsOf(performances)}

## Versions

${versionsOf(performances)}

## The cases

${chapters.map(({ promise, cases }) => `### ${promise}\n\n${cases.map((given) => lineOf(given)).join("\n")}`).join("\n\n")}
`;
}

function tableOf(performances: readonly Performance[]): string {
  const head = ["", "Cases", ...performances.map(({ runtime }) => runtime.name)];
  const body = rowsOf(performances).map(({ chapter, cells }) => [
    chapter.promise,
    String(chapter.cases.length),
    ...cells.map((cell) => written(cell, chapter)),
  ]);
  return markdownTable(head, body);
}

function gapsOf(performances: readonly Performance[]): string {
  const gaps = Object.keys(ABILITIES) as Ability[]; // its own keys
  return gaps
    .flatMap((gap) => {
      const names = performances
        .filter(({ runtime }) => runtime.lacks.includes(gap))
        .map(({ runtime }) => runtime.name);
      if (names.length === 0) return [];
      return [`- **${letterOf(gap)}: ${gap}** (${names.join(", ")}). ${ABILITIES[gap].gap} ${ABILITIES[gap].instead}`];
    })
    .join("\n");
}

function versionsOf(performances: readonly Performance[]): string {
  const all = performances.map(({ runtime, version }) =>
    runtime.isSystems ? `the system's ${runtime.name}` : `${runtime.name} (${version})`,
  );
  return `${all.join(", ")}.`;
}

/** A case, with what holds in its place where something is missing. */
function lineOf(given: Case, depth = 0): string {
  const line = `${"  ".repeat(depth)}- ${given.title}`;
  if (!("needs" in given)) return line;
  return `${line}\n${lineOf({ ...given.without, title: `without ${given.needs} (${letterOf(given.needs)}): ${given.without.title}` }, depth + 1)}`;
}
