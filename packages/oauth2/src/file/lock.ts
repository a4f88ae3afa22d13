// A lock between processes: a folder that one of them can make, with a file in it that says by its name whose it is, and by
// its time that they are alive. What may be another's by now is never moved or deleted: each of those files goes by its own
// name, and the folder only once it is empty.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { isNodeError, undefinedIfMissing } from "./node-error.ts";

/** A lock that is held. */
export interface FileLock {
  /**
   * A file of our own, of mode 0600 and empty, to write to and to move where it belongs. Whoever takes the lock over deletes
   * it, so that both then fail with `ENOENT`.
   */
  readonly claim: string;
  /** Whether it is still ours: a process that was stopped for longer than the expiry may find it taken over. */
  isHeld(): Promise<boolean>;
  /** Gives it back, if it is still ours. */
  release(): Promise<void>;
}

/** The name of a claim. What has another was made by nobody here, and is not deleted. */
const CLAIM = /^[0-9a-f]{16}$/;

/** How often the holder touches its claim within the expiry. */
const BEATS = 20;

/** For how many beats a lock that is old is watched. */
const WATCHED = 2;

/**
 * Waits for a lock.
 *
 * @param folder what stands for it
 * @param expiry after how many milliseconds without a sign of life it counts as left by a process that crashed
 * @param wait ends the wait by rejecting, or waits a moment
 */
export async function acquire(folder: string, expiry: number, wait: () => Promise<void>): Promise<FileLock> {
  const claim = join(folder, randomBytes(8).toString("hex"));
  const isLeftBehind = watch(expiry);
  while (!(await enter(folder, claim))) {
    const sight = await look(folder);
    if (isLeftBehind(sight)) await leave(folder, sight.claims);
    await wait();
  }
  const beat = setInterval(() => {
    const now = new Date();
    // It fails where the claim was moved, or deleted, which `isHeld` tells.
    void utimes(claim, now, now).catch(() => {});
  }, expiry / BEATS);
  beat.unref();
  return {
    claim,
    isHeld: async () => Boolean(await stat(claim).catch(undefinedIfMissing)),
    async release() {
      clearInterval(beat);
      await leave(folder, [claim]);
    },
  };
}

/** @returns whether the lock is ours now */
async function enter(folder: string, claim: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (isNodeError(error, "EEXIST")) return false;
    throw error;
  }
  let isOurs = false;
  try {
    await writeFile(claim, "", { flag: "wx", mode: 0o600 });
    // If we stood still since the folder was made, it may have been taken for left behind, and made again by another.
    isOurs = (await readdir(folder)).join("/") === basename(claim);
  } catch (error) {
    undefinedIfMissing(error);
  } finally {
    if (!isOurs) await leave(folder, [claim]);
  }
  return isOurs;
}

/** Deletes claims, and then the folder, unless another's lies in it. */
async function leave(folder: string, claims: readonly string[]): Promise<void> {
  for (const claim of claims) await rm(claim, { force: true });
  await rmdir(folder).catch(() => {}); // if it is there for another reason, whoever comes next tries again
}

/** What there is to see of a lock. */
interface Sight {
  readonly claims: readonly string[];
  /** When the folder and each claim were touched last, in milliseconds since 1970. */
  readonly touched: readonly number[];
}

/** Nothing where there is no such folder, or where something in it goes just now. */
async function look(folder: string): Promise<Sight | undefined> {
  try {
    const claims = (await readdir(folder)).map((name) => join(folder, name));
    const stats = await Promise.all([folder, ...claims].map((path) => stat(path)));
    return { claims, touched: stats.map(({ mtimeMs }) => mtimeMs) };
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

/** Tells whether a lock is left behind: it is old, and nobody touches it while it is watched. */
function watch(expiry: number): (sight: Sight | undefined) => sight is Sight {
  let last: string | undefined;
  let since = 0;
  return (sight): sight is Sight => {
    const now = JSON.stringify(sight);
    if (now !== last) since = performance.now();
    last = now;
    // By the clock alone, a clock that was set would end all locks, and a machine that slept find its own one old. One that
    // was set back leaves locks of the future, which are no younger than any other.
    return (
      sight !== undefined &&
      sight.touched.every((touched) => Math.abs(Date.now() - touched) > expiry) &&
      sight.claims.every((claim) => CLAIM.test(basename(claim))) &&
      performance.now() - since > (WATCHED * expiry) / BEATS
    );
  };
}
