import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The page that the figures stand on. */
export const README: string = join(import.meta.dirname, "..", "README.md");

/** Puts what was measured of a group between its markers in bench/README.md. */
export function record(group: string, section: string): void {
  writeFileSync(README, withSection(readFileSync(README, "utf8"), group, section));
}

/** A page with another text between the markers of a group. */
export function withSection(page: string, group: string, section: string): string {
  const begin = `<!-- bench: ${group} -->`;
  const end = `<!-- /bench: ${group} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The page has no place for ${group}. Add ${begin} and ${end}.`);
  return `${page.slice(0, from)}${begin}\n\n${section.trim()}\n\n${page.slice(to)}`;
}
