import { readFileSync } from "node:fs";
import { decode } from "./decode.ts";
import { netrcOf } from "./look-up.ts";
import { NetrcError } from "./netrc-error.ts";
import { scan } from "./scan.ts";
import { tableOf } from "./table.ts";

/** What a reader found: as in the file of cases, `null` stands for nothing. */
export type Reading = { login: string | null; password: string | null; account: string | null } | null | "error";

/** A case: what a file says about a host, and which readers agreed when they were run. */
export interface NetrcCase {
  readonly id: string;
  readonly file: Buffer;
  readonly host: string;
  readonly login?: string;
  readonly expect: Reading;
  readonly agree: readonly string[];
  readonly differ: readonly string[];
}

// Two files are no text, so the cases don't hold them: their names say what they are.
const BYTES: Readonly<Record<string, Buffer>> = {
  "latin1-password": Buffer.from("machine example.com login ada password p\u00E9\n", "latin1"),
  "utf16le-bom": Buffer.from("\uFEFFmachine example.com login ada password pw1\n", "utf16le"),
};

/** The cases of conformance/netrc.json. */
export function netrcCases(): NetrcCase[] {
  const url = new URL("../../../conformance/netrc.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, "utf8")) as { cases: (Omit<NetrcCase, "file"> & { file?: string })[] };
  return cases.map((one) => ({ ...one, file: one.file === undefined ? bytesOf(one.id) : Buffer.from(one.file) }));
}

function bytesOf(id: string): Buffer {
  const bytes = BYTES[id];
  if (bytes === undefined) throw new Error(`The case ${id} has no file.`);
  return bytes;
}

/** How a case is read here, from the bytes through netrc-parser's table. */
export function readingOf({ file, host, login }: NetrcCase): Reading {
  try {
    const found = netrcOf(tableOf(scan(decode(file, "case")).entries)).find(host, login);
    return found === undefined
      ? null
      : { login: found.login ?? null, password: found.password ?? null, account: found.account ?? null };
  } catch (error) {
    if (error instanceof NetrcError) return "error";
    throw error;
  }
}
