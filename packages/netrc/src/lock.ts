import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { NetrcError } from "#netrc-error";
import { isNodeError, undefinedIfMissing } from "./node-error.ts";

/** How long a lock is respected and waited for. */
export interface LockTimes {
  /** After how many milliseconds a lock counts as left by a process that crashed. Default: 10,000. */
  readonly expiry?: number;
  /** How many milliseconds are spent waiting for it. Default: 15,000, so that an expired lock is waited out. */
  readonly patience?: number;
}

/** A lock that is held. */
export interface Lock {
  /** A name for a temporary file. If this process crashes, whoever breaks its lock deletes that file. */
  readonly temporary: string;
  /** Whether it is still ours: a process that was asleep for longer than `expiry` may find it broken. */
  readonly isHeld: () => Promise<boolean>;
}

const temporaryOf = (target: string, holder: string): string => `${target}.${holder}.tmp`;

/**
 * Does some work while no other process does its own, by means of a file `<target>.lock` beside the target.
 *
 * @throws `ERR_AUTHFLOW_NETRC_LOCKED` if others hold the lock all the time
 */
export async function withLock<T>(target: string, work: (lock: Lock) => Promise<T>, times: LockTimes = {}): Promise<T> {
  const path = `${target}.lock`;
  const me = randomBytes(8).toString("hex");
  await acquire(target, path, me, times);
  const isHeld = async (): Promise<boolean> => (await holderOf(path)) === me;
  try {
    return await work({ temporary: temporaryOf(target, me), isHeld });
  } finally {
    if (await isHeld()) await rm(path, { force: true });
  }
}

async function acquire(target: string, path: string, me: string, times: LockTimes): Promise<void> {
  const { expiry = 10_000, patience = 15_000 } = times;
  const deadline = performance.now() + patience;
  while (!(await create(path, me))) {
    const holder = await holderOf(path);
    const age = await ageOf(path);
    // A clock that was set back leaves locks of the future: they are no younger than any other.
    if (holder !== undefined && age !== undefined && Math.abs(age) > expiry) await breakLock(target, path, holder);
    else if (performance.now() > deadline) throw locked(target, path);
    else await delay(10 + Math.random() * 20);
  }
}

async function create(path: string, me: string): Promise<boolean> {
  try {
    await writeFile(path, me, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (isNodeError(error, "EEXIST")) return false;
    throw error;
  }
}

// Two processes may find the same lock expired, and the slower one may then take away the lock that the faster one made
// since: so it is moved first, looked at, and given back if it is another one. Its owner asks `isHeld` in any case.
async function breakLock(target: string, path: string, holder: string): Promise<void> {
  const grave = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await rename(path, grave);
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return;
    throw error;
  }
  if ((await holderOf(grave)) === holder) {
    if (/^[0-9a-f]{16}$/.test(holder)) await rm(temporaryOf(target, holder), { force: true });
  } else {
    await link(grave, path).catch(() => {
      // Somebody made a lock meanwhile. The owner of this one finds that out by itself.
    });
  }
  await rm(grave, { force: true });
}

const holderOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(undefinedIfMissing);

const ageOf = async (path: string): Promise<number | undefined> => {
  const stats = await stat(path).catch(undefinedIfMissing);
  return stats && Date.now() - stats.mtimeMs;
};

const locked = (target: string, path: string): NetrcError =>
  new NetrcError(
    "ERR_AUTHFLOW_NETRC_LOCKED",
    `Other processes keep changing ${target}. Try again; if none does, delete ${path}.`,
    { file: target },
  );
