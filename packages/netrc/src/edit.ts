// Changes to a netrc text. Each is a splice: what isn't replaced stays as it is, byte for byte.
import { NetrcError } from "#netrc-error";
import { choose, comparableHost } from "./look-up.ts";
import { gapBefore, insertionBefore, lineEndOf, onlySpace, withBlanks } from "./layout.ts";
import { type Entry, type Field, type FieldName, type Range, type Scan, scan } from "./scan.ts";

/** What one entry is to say. */
export interface Login {
  readonly login: string;
  readonly password: string;
}

/** What an entry says, wherever it stands. */
type Facts = Pick<Entry, "host" | FieldName>;

interface Splice extends Range {
  readonly text: string;
}

/**
 * The text with these credentials for a host: in the entry that a look-up for the host and login reads, else in the one
 * that a look-up for the host alone reads, else in a new one. A new entry stands before `default`.
 *
 * @param text one byte a character, and so are the other strings
 * @throws what scanning throws, and `ERR_AUTHFLOW_NETRC_EDIT` if anything else would change
 */
export function withCredentials(text: string, host: string, to: Login, file: string): string {
  const before = scan(text, file);
  const own = before.entries.filter(isFor(host));
  const entry = choose(own, to.login) ?? choose(own) ?? own[0];
  const after: Facts[] = [...before.entries];
  if (entry !== undefined) {
    after[before.entries.indexOf(entry)] = { host: entry.host, account: entry.account, ...to };
    return splice(text, fieldSplices(text, entry, to), before, after, file);
  }
  const fallback = before.entries.findIndex((other) => other.host === undefined);
  after.splice(fallback === -1 ? after.length : fallback, 0, { host, account: undefined, ...to });
  return splice(text, [newEntry(text, before, fallback, host, to)], before, after, file);
}

/**
 * The text without any entry of a host. Comments inside of them go, too; comments around them and macros stay.
 *
 * @param text one byte a character, and so are the other strings
 * @throws what scanning throws, and `ERR_AUTHFLOW_NETRC_EDIT` if anything else would change
 */
export function withoutCredentials(text: string, host: string, file: string): string {
  const before = scan(text, file);
  const isOwn = isFor(host);
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of before.entries.filter(isOwn)) {
    const last = runs.at(-1);
    if (last !== undefined && onlySpace(text, last.end, start)) last.end = end;
    else runs.push({ start, end });
  }
  const splices = runs.map((run) => Object.assign(withBlanks(text, run), { text: "" }));
  const after = before.entries.filter((entry) => !isOwn(entry));
  return splice(text, splices, before, after, file);
}

function isFor(host: string): (entry: Entry) => boolean {
  const wanted = comparableHost(host);
  return (entry) => entry.host !== undefined && comparableHost(entry.host) === wanted;
}

// Bare wherever that is enough, since some readers know no quotes; a bare backslash or `#` is read in several ways.
const quoted = (value: string): string =>
  value === "" || /[ "\\#]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value;

function fieldSplices(text: string, entry: Entry, to: Login): Splice[] {
  const fieldOf = (name: FieldName): Field | undefined => entry.fields.findLast((field) => field.name === name);
  const login = fieldOf("login");
  const password = fieldOf("password");
  const splices: Splice[] = [];
  const insert = (at: number, inserted: string): unknown => splices.push({ start: at, end: at, text: inserted });
  const setValue = ({ key, value }: Field, wanted: string): unknown =>
    value === undefined ? insert(key.end, ` ${quoted(wanted)}`) : splices.push({ ...value, text: quoted(wanted) });

  // A field that is missing stands beside the other one, parted from it as that one is from what is before it.
  if (login !== undefined) setValue(login, to.login);
  else if (password !== undefined) {
    insert(password.key.start, `login ${quoted(to.login)}${gapBefore(text, password.key.start)}`);
  }
  if (password !== undefined) setValue(password, to.password);
  else if (login !== undefined) {
    insert((login.value ?? login.key).end, `${gapBefore(text, login.key.start)}password ${quoted(to.password)}`);
  } else insert(entry.headEnd, ` login ${quoted(to.login)} password ${quoted(to.password)}`);
  return splices;
}

function newEntry(text: string, { entries, macros }: Scan, fallback: number, host: string, to: Login): Splice {
  const eol = lineEndOf(text);
  const body = [`machine ${host}`, `  login ${quoted(to.login)}`, `  password ${quoted(to.password)}`, ""].join(eol);
  const next = entries[fallback];
  if (next !== undefined) {
    const macro = macros.findLast(({ end }) => end <= next.start)?.end ?? 0;
    const at = insertionBefore(text, next.start, Math.max(macro, entries[fallback - 1]?.end ?? 0));
    return { start: at, end: at, text: body };
  }
  const at = text.length;
  // A line of its own; after a macro that reaches to the end of the file also the blank line that ends it.
  const open = text !== "" && gapBefore(text, at).search(/[\r\n]/) === -1 ? eol : "";
  const blank = macros.at(-1)?.end === at ? eol : "";
  return { start: at, end: at, text: open + blank + body };
}

function splice(text: string, splices: readonly Splice[], before: Scan, after: readonly Facts[], file: string): string {
  let result = "";
  let at = 0;
  for (const { start, end, text: inserted } of splices.toSorted((a, b) => a.start - b.start)) {
    // What was quoted may have the next word right behind it; a bare one needs a blank there.
    const glued = /[^ \t\r\n"]$/.test(inserted) && /[^ \t\r\n]/.test(text[end] ?? " ");
    result += text.slice(at, start) + inserted + (glued ? " " : "");
    at = end;
  }
  result += text.slice(at);
  const now = scan(result, file);
  if (!sameFacts(now.entries, after) || macrosOf(now, result) !== macrosOf(before, text)) {
    throw new NetrcError(
      "ERR_AUTHFLOW_NETRC_EDIT",
      `The change would alter something else in ${file}, so nothing was written. Change the file by hand.`,
      { file },
    );
  }
  return result;
}

const sameFacts = (entries: readonly Facts[], others: readonly Facts[]): boolean =>
  entries.length === others.length &&
  entries.every((entry, index) =>
    (["host", "login", "password", "account"] as const).every((name) => entry[name] === others[index]?.[name]),
  );

const macrosOf = ({ macros }: Scan, text: string): string =>
  JSON.stringify(macros.map(({ start, end }) => text.slice(start, end).trimEnd()));
