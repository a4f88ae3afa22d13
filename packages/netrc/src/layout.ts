// How the pieces of a netrc text stand on its lines. Loops, not patterns: a pattern that ends in `$` takes quadratic time.
import type { Range } from "./scan.ts";

const isBlank = (char: string | undefined): boolean => char === " " || char === "\t";
const isLineEnd = (char: string | undefined): boolean => char === "\n" || char === "\r";

/** The end of line that a text uses first, so that a file from Windows stays one. */
export const lineEndOf = (text: string): string => /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";

/** Whether an offset is at the start of a line. */
export const startsLine = (text: string, offset: number): boolean => offset === 0 || isLineEnd(text[offset - 1]);

/** Whether only blanks and line ends stand between two offsets. */
export function onlySpace(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && (isBlank(text[at]) || isLineEnd(text[at]))) at += 1;
  return at >= to;
}

/** What parts a word from whatever stands before it: ` `, or a line break and an indentation. */
export function gapBefore(text: string, offset: number): string {
  let at = offset;
  while (at > 0 && (isBlank(text[at - 1]) || isLineEnd(text[at - 1]))) at -= 1;
  return text.slice(at, offset) || " ";
}

/** A range and the blanks around it, or all of its lines, where nothing else stands on them. */
export function withBlanks(text: string, { start, end }: Range): Range {
  let from = start;
  while (isBlank(text[from - 1])) from -= 1;
  let to = end;
  while (isBlank(text[to])) to += 1;
  const first = startsLine(text, from);
  if (to < text.length && !isLineEnd(text[to])) return { start, end: to };
  if (!first) return { start: from, end: to };
  return { start: from, end: to + (text.startsWith("\r\n", to) ? 2 : 1) };
}

/**
 * Where something new goes so that it stands before an offset: ahead of the indentation and of the comment lines right
 * above, since they belong to what is there.
 *
 * @param floor nothing below it is looked at: no comment starts there
 */
export function insertionBefore(text: string, offset: number, floor: number): number {
  let at = offset;
  while (at > floor && isBlank(text[at - 1])) at -= 1;
  if (!startsLine(text, at)) return offset;
  for (;;) {
    let above = at - (text.startsWith("\r\n", at - 2) ? 2 : 1);
    while (above > floor && !isLineEnd(text[above - 1])) above -= 1;
    let word = above;
    while (isBlank(text[word])) word += 1;
    if (above < floor || !startsLine(text, above) || text[word] !== "#") return at;
    at = above;
  }
}
