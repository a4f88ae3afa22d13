import type { BigIntStats } from "node:fs";
import { open, readlink, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { NetrcError } from "#netrc-error";
import { withLock } from "./lock.ts";
import { isNodeError, undefinedIfMissing } from "./node-error.ts";
import { changed, readFile } from "./read-file.ts";

const ATTEMPTS = 10;

/**
 * Replaces what stands in a file, so that at any moment, also after a crash, there is the old file or the new one, whole.
 * The new file has mode 0600. Other processes that do the same wait; what anybody else writes meanwhile is not lost.
 *
 * @param file a symbolic link stays one: what it points to is replaced
 * @param change gives the new bytes; run again if the file changed meanwhile. A missing file has no bytes
 * @returns whether the bytes differ
 * @throws `ERR_AUTHFLOW_NETRC_LOCKED`, `ERR_AUTHFLOW_NETRC_EDIT`, and what `change` and reading throw
 */
export async function replaceFile(file: string, change: (bytes: Buffer) => Buffer): Promise<boolean> {
  try {
    const target = await targetOf(file);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const outcome = await withLock(target, (claim) => attemptTo(target, claim, change));
      if (outcome !== "again") return outcome === "replaced";
    }
  } catch (error) {
    if (error instanceof NetrcError) throw error;
    throw cannotChange(file, "Check that its folder is there, and that this process may write to it.", error);
  }
  throw new NetrcError("ERR_AUTHFLOW_NETRC_LOCKED", `Something keeps changing ${file}. Try again.`, { file });
}

async function attemptTo(
  target: string,
  claim: string,
  change: (bytes: Buffer) => Buffer,
): Promise<"same" | "replaced" | "again"> {
  const there = await statsOf(target);
  if (there !== undefined && !there.isFile()) throw cannotChange(target, "It is no regular file.");
  const { bytes, stats } = there === undefined ? { bytes: Buffer.alloc(0), stats: undefined } : readFile(target);
  const wanted = change(bytes);
  if (wanted.equals(bytes)) return "same";
  try {
    await writeDurably(claim, wanted, stats);
    // An editor knows nothing of the lock.
    const now = await statsOf(target);
    const upToDate = stats === undefined || now === undefined ? stats === now : !changed(stats, now);
    if (!upToDate) return "again";
    await rename(claim, target);
    return "replaced";
  } catch (error) {
    // Who was asleep for long may find that the lock was taken from it, and its claim with it: what it read is out of date.
    if (isNodeError(error, "ENOENT")) return "again";
    throw error;
  }
}

// On the disk before it gets its name, or a power failure could leave the name of the file with nothing in it.
async function writeDurably(path: string, bytes: Buffer, like: BigIntStats | undefined): Promise<void> {
  const handle = await open(path, "r+");
  try {
    // Root edits a user's file: it has to stay the user's.
    const owner = like && Number(like.uid);
    if (owner !== undefined && owner !== process.getuid?.()) await handle.chown(owner, Number(like?.gid));
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const statsOf = (path: string): Promise<BigIntStats | undefined> =>
  stat(path, { bigint: true }).catch(undefinedIfMissing);

// The file behind all links, which may be still to come: a link may point to what isn't there yet.
async function targetOf(file: string): Promise<string> {
  const target = await realpath(file).catch(undefinedIfMissing);
  if (target !== undefined) return target;
  const folder = await realpath(dirname(file));
  const link = await readlink(file).catch(undefinedIfMissing);
  return link === undefined ? join(folder, basename(file)) : targetOf(resolve(folder, link));
}

const cannotChange = (file: string, remedy: string, cause?: unknown): NetrcError =>
  new NetrcError("ERR_AUTHFLOW_NETRC_EDIT", `${file} can't be changed. ${remedy}`, { file, cause });
