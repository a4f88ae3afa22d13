// The netrc format as its readers agree on it: the file that ftp(1) defines, curl and Python read, quotes included.
// There is no RFC; where the readers disagree, conformance/netrc.json has the decision.
import { type Spot, syntaxError, tooLarge, wrongEncoding } from "./scan-error.ts";
import { endOf, type Word, wordAt } from "./word.ts";

/** What is scanned at most, in bytes of a file or characters of a text: 1 MiB. */
export const SIZE_LIMIT = 1_048_576;

/** A piece of the text: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What an entry may say, under the names that look-ups use (`user` is another word for `login`). */
export type FieldName = "login" | "password" | "account";

/** A keyword with its value, such as `login ada`. Only at the end of a file can the value be missing. */
export interface Field {
  readonly name: FieldName;
  readonly key: Range;
  readonly value: Word | undefined;
}

/** One `machine` or `default` entry, from its keyword to its last word. */
export interface Entry extends Range {
  /** `undefined` for `default`. */
  readonly host: string | undefined;
  readonly login: string | undefined;
  readonly password: string | undefined;
  readonly account: string | undefined;
  /** Where the host, or the keyword `default`, ends. */
  readonly headEnd: number;
  /** In the order of the file. A repeated field counts as its last value. */
  readonly fields: readonly Field[];
}

/** All that a netrc text holds, with the range of each piece. */
export interface Scan {
  readonly entries: readonly Entry[];
  /** `macdef` definitions, each up to the blank line that ends it. */
  readonly macros: readonly Range[];
}

type Draft = { -readonly [K in keyof Entry]: Entry[K] } & { fields: Field[] };

const FIELDS: ReadonlyMap<string, FieldName> = new Map([
  ["login", "login"],
  ["user", "login"],
  ["password", "password"],
  ["account", "account"],
]);

// A line that is empty but for blanks, after the end of the line before it. CR LF is one end, not two.
const BLANK_LINE = /(?:\r\n|\n|\r(?!\n))[ \t]*(?:[\r\n]|$)|$/g;
const REST_OF_LINE = /[^\r\n]*/y;
// The mark itself, and its three bytes in a text that holds one byte a character.
const BYTE_ORDER_MARK = /^(?:\uFEFF|\u00EF\u00BB\u00BF)/;

/**
 * Scans a netrc text, in time linear in its length.
 *
 * @param text the text, or one byte a character so that the ranges are ranges of bytes
 * @param file the path for errors
 * @throws `ERR_AUTHFLOW_NETRC_TOO_LARGE`, `ERR_AUTHFLOW_NETRC_ENCODING`, `ERR_AUTHFLOW_NETRC_SYNTAX`
 */
export function scan(text: string, file?: string): Scan {
  if (text.length > SIZE_LIMIT) throw tooLarge(file);
  if (text.includes("\0")) throw wrongEncoding(file);
  const entries: Draft[] = [];
  const macros: Range[] = [];
  const spot = (offset: number): Spot => ({ text, file, offset });
  let entry: Draft | undefined;
  let firstStray: Word | undefined;
  let at = BYTE_ORDER_MARK.exec(text)?.[0].length ?? 0;
  const next = (): Word | undefined => {
    const word = wordAt(text, at, spot);
    at = word?.end ?? text.length;
    return word;
  };

  for (let word = next(); word !== undefined; word = next()) {
    if (text[word.start] === "#") {
      // A comment only where a keyword may stand: as a value, `#` is data.
      at = endOf(REST_OF_LINE, text, word.start);
      continue;
    }
    const keyword = word.value.toLowerCase();
    const name = FIELDS.get(keyword);
    if (keyword === "machine" || keyword === "default") {
      const head = keyword === "machine" ? next() : word;
      if (head === undefined) throw syntaxError(spot(word.start), "`machine` has no host. Add one, or delete it.");
      entry = {
        host: keyword === "machine" ? head.value : undefined,
        login: undefined,
        password: undefined,
        account: undefined,
        start: word.start,
        end: head.end,
        headEnd: head.end,
        fields: [],
      };
      entries.push(entry);
    } else if (keyword === "macdef") {
      at = endOf(BLANK_LINE, text, at);
      macros.push({ start: word.start, end: at });
      entry = undefined;
    } else if (name !== undefined) {
      const value = next();
      if (entry === undefined) firstStray ??= word;
      else {
        if (value !== undefined) entry[name] = value.value;
        entry.fields.push({ name, key: word, value });
        entry.end = value?.end ?? word.end;
      }
    } else if (entry === undefined) firstStray ??= word;
    // Words that nobody knows, such as `protocol https`, are passed over; they belong to the entry they stand in.
    else entry.end = word.end;
  }
  if (firstStray !== undefined && entries.length === 0 && macros.length === 0) {
    throw syntaxError(spot(firstStray.start), "no `machine` or `default` stands anywhere, so this is no netrc file.");
  }
  return { entries, macros };
}
