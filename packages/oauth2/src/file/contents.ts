// A file of texts under keys: at any moment, also after a crash, there is the old one or the new one, whole.
import { open, rename } from "node:fs/promises";
import { OAuth2Error } from "#oauth2-error";
import type { FileLock } from "./lock.ts";
import { undefinedIfMissing } from "./node-error.ts";

/** Texts under keys. */
export type Contents = ReadonlyMap<string, string>;

/** Reads the file; one that isn't there holds nothing. @throws `ERR_AUTHFLOW_OAUTH2_STORE` */
export async function readContents(path: string): Promise<Contents> {
  const handle = await open(path).catch(undefinedIfMissing);
  if (!handle) return new Map();
  try {
    const { mode, uid } = await handle.stat();
    // Windows has no such modes, and no `getuid`.
    const me = process.getuid?.();
    if (me !== undefined && (mode & 0o077) !== 0) throw unusable(path, "others can read or change it. `chmod 600` it");
    // Root may use any.
    if (me && uid !== me) throw unusable(path, "it belongs to another user. Name another file");
    return parse(path, await handle.readFile("utf8"));
  } finally {
    await handle.close();
  }
}

/** Replaces the file, with mode 0600. @returns whether it did; not if the lock was lost */
export async function writeContents(path: string, contents: Contents, { claim }: FileLock): Promise<boolean> {
  try {
    const handle = await open(claim, "r+");
    try {
      await handle.writeFile(`${JSON.stringify(Object.fromEntries(contents), undefined, 2)}\n`);
      // On the disk before it gets its name, or a power failure could leave the name of the file with nothing in it.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(claim, path);
    return true;
  } catch (error) {
    undefinedIfMissing(error); // whoever took the lock over deleted our claim
    return false;
  }
}

function parse(path: string, text: string): Contents {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
    }
  } catch {
    // Not with the error, which would print what stands there.
  }
  throw unusable(path, "it holds something else. Name another file, or delete it and log in again");
}

/** The error of a file. */
export const unusable = (path: string, why: string, options?: { readonly cause: Error }): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_STORE", `${path} can't be used for tokens: ${why}.`, options);
