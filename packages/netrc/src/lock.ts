// A lock between processes: a folder that only one of them can make, and in it the claim of whoever holds it, a file with a
// name of its own. Nothing is taken away by the name of the lock, which may be another's by then: a claim is deleted by its
// own name, and a folder only when it is empty.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { NetrcError } from "#netrc-error";
import { isNodeError, undefinedIfMissing } from "./node-error.ts";

/** How long a lock is respected and waited for. */
export interface LockTimes {
  /** After how many milliseconds without a sign of life a lock counts as left by a process that crashed. Default: 10,000. */
  readonly expiry?: number;
  /** How many milliseconds are spent waiting for it. Default: 15,000, so that an expired lock is waited out. */
  readonly patience?: number;
}

/** How often a holder touches its claim within the expiry. */
const BEATS = 100;
/** For how many beats an old lock is watched: the clock may have been set, or the machine of its holder asleep. */
const WATCHED = 3;

/**
 * Does some work while no other process does its own, by means of a folder `<target>.lock` beside the target.
 *
 * @param work is given the path of its claim, an empty file of mode 0600, to write to and to move to the target in the end.
 *   That fails with `ENOENT` once the lock was taken from it, as from a process that stood still for longer than `expiry`
 * @throws `ERR_AUTHFLOW_NETRC_LOCKED` if others hold the lock all the time
 */
export async function withLock<T>(
  target: string,
  work: (claim: string) => Promise<T>,
  times: LockTimes = {},
): Promise<T> {
  const { expiry = 10_000, patience = 15_000 } = times;
  const folder = `${target}.lock`;
  const claim = join(folder, randomBytes(8).toString("hex"));
  const deadline = performance.now() + patience;
  const isLeftBehind = watch(expiry);
  while (!(await enter(folder, claim))) {
    if (performance.now() > deadline) throw locked(target, folder);
    const found = await look(folder);
    if (isLeftBehind(found)) await leave(folder, found.claims);
    else await delay(10 + Math.random() * 20);
  }
  const beat = setInterval(() => {
    const now = new Date();
    void utimes(claim, now, now).catch(() => {}); // it was moved, or taken away, which the work finds out by itself
  }, expiry / BEATS);
  beat.unref();
  try {
    return await work(claim);
  } finally {
    clearInterval(beat);
    await leave(folder, [claim]);
  }
}

async function enter(folder: string, claim: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (isNodeError(error, "EEXIST")) return false;
    throw error;
  }
  try {
    await writeFile(claim, "", { flag: "wx", mode: 0o600 });
    if ((await readdir(folder)).join("/") === basename(claim)) return true;
  } catch (error) {
    undefinedIfMissing(error);
  }
  // As long as it was empty, somebody could take it for left behind and delete it, and another make it again.
  await leave(folder, [claim]);
  return false;
}

async function leave(folder: string, claims: readonly string[]): Promise<void> {
  for (const claim of claims) await rm(claim, { force: true });
  // It is gone, or the claim of another lies in it. If it is neither, whoever comes next tries again.
  await rmdir(folder).catch(() => {});
}

/** What there is to see of a lock. */
interface Found {
  readonly claims: readonly string[];
  /** When the folder and each claim changed last, in milliseconds since 1970. */
  readonly touched: readonly number[];
}

/** Nothing where there is no such folder, or where it changes just now. */
async function look(folder: string): Promise<Found | undefined> {
  try {
    const claims = (await readdir(folder)).map((name) => join(folder, name));
    const stats = await Promise.all([folder, ...claims].map((path) => stat(path)));
    return { claims, touched: stats.map(({ mtimeMs }) => mtimeMs) };
  } catch (error) {
    return isNodeError(error, "ENOTDIR") ? undefined : undefinedIfMissing(error); // a file is nobody's lock here
  }
}

/** Tells whether a lock is left behind: it is old, and stays as it is for a while, whatever the clocks say. */
function watch(expiry: number): (found: Found | undefined) => found is Found {
  let seen = "";
  let since = 0;
  return (found): found is Found => {
    const sign = JSON.stringify(found) ?? "";
    if (sign !== seen) since = performance.now();
    seen = sign;
    // A clock that was set back leaves locks of the future, which are no younger than any other.
    const isOld = found?.touched.every((touched) => Math.abs(Date.now() - touched) > expiry) ?? false;
    const isOurs = found?.claims.every((claim) => /^[0-9a-f]{16}$/.test(basename(claim))) ?? false;
    return isOld && isOurs && performance.now() - since > (WATCHED * expiry) / BEATS;
  };
}

const locked = (target: string, folder: string): NetrcError =>
  new NetrcError(
    "ERR_AUTHFLOW_NETRC_LOCKED",
    `Other processes keep changing ${target}. Try again; if none does, delete ${folder}.`,
    { file: target },
  );
