// What netrc-parser is given in place of a file. Its line expression takes exponential time on some lines and it revives
// entries that were commented out, so it only ever sees text in which nothing of a file stands as it is: machines are
// numbered, values are percent-encoded, and a `v` in front keeps an empty value from vanishing.
import type { NetrcEntry } from "./look-up.ts";

/** netrc-parser keeps `host` for the name of the machine, so the host of an entry has a name that no word can have. */
export const HOST_KEY = "host.";

/** The name of the entry at an index. */
export const machineName = (index: number): string => `m${index}`;

const field = (key: string, value: string | undefined): string =>
  value === undefined ? "" : `  ${key} v${encodeURIComponent(value)}\n`;

/** The value of a field as netrc-parser gives it; `undefined` for a field that the entry does not have. */
export const decodeValue = (encoded: string | undefined): string | undefined =>
  encoded === undefined ? undefined : decodeURIComponent(encoded.slice(1));

/** The entries as netrc text with a machine each, numbered from 0. */
export function canonicalText(entries: readonly NetrcEntry[]): string {
  let text = "";
  for (const [index, { host, login, password, account }] of entries.entries()) {
    text += `machine ${machineName(index)}\n${field(HOST_KEY, host)}${field("login", login)}`;
    text += field("password", password) + field("account", account);
  }
  return text;
}
