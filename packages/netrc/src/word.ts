import { type Spot, syntaxError } from "./scan-error.ts";

/** One word of a netrc text: where it stands, and what it says without its quotes and escapes. */
export interface Word {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

// Not \s: a form feed and a no-break space are parts of a word.
const BLANKS = /[ \t\r\n]*/y;
const PLAIN = /[^ \t\r\n]*/y;
const QUOTE_OR_ESCAPE = /["\\]/g;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Where the next match of a sticky or global pattern ends. Such a pattern here always has a match, be it empty. */
export function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  pattern.test(text);
  return pattern.lastIndex;
}

/** The next word at or after an offset; `undefined` at the end. A quote only means something at the start of a word. */
export function wordAt(text: string, offset: number, spot: (offset: number) => Spot): Word | undefined {
  const start = endOf(BLANKS, text, offset);
  if (text[start] === '"') return quotedWord(text, start, spot);
  const end = endOf(PLAIN, text, start);
  return start === end ? undefined : { start, end, value: text.slice(start, end) };
}

// A quoted word may hold blanks and line ends. A backslash in it takes the next character as it is, but for n, r and t.
function quotedWord(text: string, start: number, spot: (offset: number) => Spot): Word {
  let value = "";
  for (let at = start + 1; ;) {
    QUOTE_OR_ESCAPE.lastIndex = at;
    const index = QUOTE_OR_ESCAPE.exec(text)?.index;
    const escaped = index === undefined ? undefined : text[index + 1];
    if (index === undefined || (text[index] === "\\" && escaped === undefined)) {
      throw syntaxError(spot(start), 'the quote that opens here is never closed. Close it; inside, write " as \\".');
    }
    value += text.slice(at, index);
    if (text[index] === '"' || escaped === undefined) return { start, end: index + 1, value };
    value += ESCAPES.get(escaped) ?? escaped;
    at = index + 2;
  }
}
