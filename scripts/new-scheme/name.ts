// What a scheme may be called, and what else is called after it.
import { parseSync } from "oxc-parser";

export interface Names {
  /** The folder, and the package behind @authflow/: "client-cert". */
  readonly folder: string;
  /** The factory: "clientCert". */
  readonly factory: string;
  /** What types begin with, and what stands before the credentials: "ClientCert". */
  readonly type: string;
  /** What codes end with: "CLIENT_CERT". */
  readonly code: string;
}

/** Names that say nothing of what is inside, which no file here may have. */
const DRAWERS: ReadonlySet<string> = new Set(["utils", "util", "helpers", "helper", "common", "misc", "shared", "lib"]);

/** What follows from the name of a scheme. */
export function namesOf(folder: string): Names {
  const words = folder.split("-");
  const type = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  return { folder, factory: type.slice(0, 1).toLowerCase() + type.slice(1), type, code: words.join("_").toUpperCase() };
}

/**
 * Why a scheme can't have a name, in a sentence; undefined where it can.
 *
 * @param existing the folders that there are
 * @param words the identifiers that the code of a new scheme is written with
 */
export function refusalOf(
  name: string | undefined,
  existing: readonly string[],
  words: ReadonlySet<string>,
): string | undefined {
  if (name === undefined || name === "") {
    return "A scheme has a name: `npm run new-scheme -- ticket` writes packages/ticket.";
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    return `"${name}" can't be the name of a package. Write the scheme's noun in small letters and digits, its words joined by "-": client-cert.`;
  }
  if (existing.includes(name)) return `packages/${name} is there already. Choose another name, or work on that one.`;
  if (DRAWERS.has(name)) return `"${name}" says nothing about what is inside. Name the scheme after what it shows.`;
  const { factory } = namesOf(name);
  if (isReserved(factory)) {
    return `"${factory}" is a word of the language, and the factory is called as the package. Choose another noun.`;
  }
  if (words.has(factory) || factory in globalThis) {
    return `"${factory}" has a meaning already where schemes are written, and the factory is called as the package. Choose another noun.`;
  }
  return undefined;
}

/** Whether a word can't be the name of a function that a module exports. */
function isReserved(word: string): boolean {
  const { errors } = parseSync("word.ts", `export const ${word} = 1;`, { sourceType: "module" });
  return errors.length > 0;
}
