import * as fc from "fast-check";

/** A value as a file may hold it: anything but NUL. */
export const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "ada",
    "a#b",
    "#x",
    "machine",
    "default",
    "macdef",
    "two words",
    'a"b',
    '"',
    "a\\b",
    "\\",
    "ünï",
    "🔑",
  ),
  fc.string({ unit: fc.constantFrom("a", "Z", "0", " ", "\t", "\n", "\r", '"', "\\", "#", "%", "\f", "é", "🔑") }),
);

const HOSTS = [
  "a.example",
  "b.example",
  "B.Example",
  "::1",
  "__proto__",
  "constructor",
  "_tokens",
  "host",
  "m0",
  "default",
];

/** A host: a name that means something elsewhere, or anything. */
export const host: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTS) },
  value.filter((text) => text !== ""),
);

const endOfLine = fc.constantFrom("\n", "\r\n", "\r");
const blanks = fc.constantFrom(" ", "  ", "\t");
const junk = fc.string({ unit: fc.constantFrom("a", " ", '"', "\\", "#", "machine ", "login ", "é"), maxLength: 6 });
const keyword = (name: string): fc.Arbitrary<string> => fc.constantFrom(name, name, name.toUpperCase());

/** What a generated entry says. */
export interface Said {
  readonly host: string | undefined;
  readonly login: string | undefined;
  readonly password: string | undefined;
  readonly account: string | undefined;
}

/** A piece of a file: its text, and the entry or the macro that it is, if it is one. */
interface Piece {
  readonly text: string;
  readonly said?: Said;
  readonly macro?: string;
}

const isBare = (text: string): boolean => text !== "" && !text.startsWith('"') && !/[ \t\r\n]/.test(text);

// A word in one of its forms. A bare one that starts with `#` is a value, but nobody would take it for a keyword.
const word = (text: string): fc.Arbitrary<string> => {
  const quotedForm = `"${text.replace(/["\\]/g, "\\$&")}"`;
  const escapedForm = quotedForm.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  return fc.constantFrom(...(isBare(text) ? [text] : []), quotedForm, escapedForm);
};

const gap: fc.Arbitrary<string> = fc.oneof(
  blanks,
  fc.tuple(endOfLine, blanks).map(([end, indent]) => end + indent),
);
const remark = fc.tuple(junk, endOfLine).map(([text, end]) => ` # ${text.replaceAll('"', "")}${end}`);

const field = fc
  .tuple(fc.constantFrom("login", "user", "password", "account", "protocol"), value)
  .chain(([key, said]) =>
    fc
      .tuple(gap, keyword(key), gap, word(said), fc.option(remark, { nil: "" }))
      .map(([before, name, between, form, after]) => ({
        key: key === "user" ? "login" : key,
        said,
        text:
          key === "protocol" ? `${before}${name}${between}https${after}` : `${before}${name}${between}${form}${after}`,
      })),
  );

const entry = (of?: string): fc.Arbitrary<Piece> => {
  const head =
    of === undefined ? keyword("default") : fc.tuple(keyword("machine"), gap, word(of)).map((words) => words.join(""));
  return fc.tuple(head, fc.array(field, { maxLength: 4 }), endOfLine).map(([start, fields, end]) => {
    const lastOf = (key: string): string | undefined => fields.findLast((one) => one.key === key)?.said;
    return {
      text: start + fields.map((one) => one.text).join("") + end,
      said: { host: of, login: lastOf("login"), password: lastOf("password"), account: lastOf("account") },
    };
  });
};

const comment: fc.Arbitrary<Piece> = fc.tuple(junk, endOfLine).map(([text, end]) => ({ text: `#${text}${end}` }));
const blankLine: fc.Arbitrary<Piece> = endOfLine.map((text) => ({ text }));

// The line of a macro has something on it, and it ends by a blank line, of one kind of line end: CR before LF is one end.
const macro: fc.Arbitrary<Piece> = fc
  .tuple(fc.array(junk, { maxLength: 3 }), fc.constantFrom("\n", "\r\n", "\r"), fc.constantFrom("", " "))
  .map(([lines, end, blank]) => {
    const body = `macdef init${end}${lines.map((line) => `x${line}${end}`).join("")}`;
    return { text: `${body}${blank}${end}`, macro: body };
  });

const pieces = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: host.chain(entry) },
    { weight: 1, arbitrary: entry() },
    { weight: 1, arbitrary: comment },
    { weight: 1, arbitrary: blankLine },
    { weight: 1, arbitrary: macro },
  ),
  { maxLength: 8 },
);

/** A netrc file, with comments, macros, quotes and mixed line ends, and what it says. */
export interface NetrcFile {
  readonly text: string;
  readonly said: readonly Said[];
  readonly comments: readonly string[];
  readonly macros: readonly string[];
}

/** Netrc files of which it is known what they say. */
export const netrcFile: fc.Arbitrary<NetrcFile> = pieces.map((all) => ({
  text: all.map(({ text }) => text).join(""),
  said: all.flatMap(({ said }) => said ?? []),
  comments: all.flatMap(({ text }) => (text.startsWith("#") ? text.trimEnd() : [])),
  macros: all.flatMap((piece) => piece.macro ?? []),
}));
