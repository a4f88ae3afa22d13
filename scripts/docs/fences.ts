// Fenced code in Markdown, and what the words behind the language ask for.
//
//   ```ts                              a module of its own: type-checked and run
//   ```ts continues                    the block before it and this one are one module
//   ```ts no-run needs a real server   type-checked only; the rest of the line is the reason, which is demanded
//
// A line that a block prints is stated where it is printed: `console.log(response.status); // → 200`.

export interface Fence {
  /** The language: the first word behind the mark. */
  readonly language: string;
  /** The words after it. */
  readonly words: readonly string[];
  /** The line of the opening mark, from 1. */
  readonly line: number;
  readonly code: readonly string[];
}

/** Every fenced block of a Markdown text, in order. An unclosed one goes to the end, as Markdown says. */
export function fencesIn(lines: readonly string[], firstLine: number = 1): Fence[] {
  const fences: Fence[] = [];
  let open:
    | { mark: string; indent: number; language: string; words: string[]; line: number; code: string[] }
    | undefined;
  for (const [index, line] of lines.entries()) {
    const [, space = "", mark = "", info = ""] = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/.exec(line) ?? [];
    if (open) {
      if (mark.startsWith(open.mark) && info === "") {
        fences.push(open);
        open = undefined;
      } else open.code.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    } else if (mark) {
      const [language = "", ...words] = info.split(/\s+/).filter(Boolean);
      open = { mark, indent: space.length, language, words, line: firstLine + index, code: [] };
    }
  }
  return open ? [...fences, open] : fences;
}

/** Which lines of a Markdown text belong to a fenced block, from 0, its marks included. */
export function fencedLines(lines: readonly string[]): Set<number> {
  return new Set(
    fencesIn(lines).flatMap(({ line, code }) => Array.from({ length: code.length + 2 }, (_, at) => line - 1 + at)),
  );
}

/** The lines of a Markdown text with fenced blocks and inline code made blank, so that only prose is left. */
export function proseOf(lines: readonly string[]): string[] {
  const prose = [...lines];
  for (const { line, code } of fencesIn(lines)) prose.fill("", line - 1, line + code.length + 1);
  return prose.map((text) => text.replace(/(`+)(?!`).*?\1(?!`)/g, ""));
}
