// A lock between processes: a file that only one of them can make, and that counts as left behind when it isn't touched.
import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { isNodeError, undefinedIfMissing } from "./node-error.ts";

/** A lock that is held. */
export interface FileLock {
  /** A name for a temporary file. If this process crashes, whoever breaks its lock deletes that file. */
  readonly temporary: string;
  /** Whether it is still ours: a process that was stopped for longer than the expiry may find it broken. */
  isHeld(): Promise<boolean>;
  /** Gives it back, if it is still ours. */
  release(): Promise<void>;
}

/** How often the holder touches its lock within the expiry. */
const BEATS = 20;

const temporaryOf = (path: string, holder: string): string => `${path}.${holder}.tmp`;

/**
 * Waits for a lock.
 *
 * @param path the file that stands for it
 * @param expiry after how many milliseconds without a sign of life it counts as left by a process that crashed
 * @param wait ends the wait by rejecting, or waits a moment
 */
export async function acquire(path: string, expiry: number, wait: () => Promise<void>): Promise<FileLock> {
  const id = randomBytes(8).toString("hex");
  const holder = `${id} ${expiry}`;
  let watched: Sign | undefined;
  let since = 0;
  while (!(await create(path, holder))) {
    const sign = await signOf(path);
    if (sign?.holder !== watched?.holder || sign?.touched !== watched?.touched) since = performance.now();
    watched = sign;
    // The clock was set, or the holder was stopped, if it is touched although it is old: so it is watched for two beats. A
    // clock that was set back leaves locks of the future, which are no younger than any other.
    const isOld = sign && Math.abs(Date.now() - sign.touched) > expiryOf(sign.holder, expiry);
    if (isOld && performance.now() - since > (2 * expiryOf(sign.holder, expiry)) / BEATS) {
      await takeAway(path, sign.holder);
    } else await wait();
  }
  const isHeld = async (): Promise<boolean> => (await holderOf(path)) === holder;
  const beat = setInterval(() => {
    const now = new Date();
    // If it fails, others find the lock left behind, and `isHeld` tells.
    void isHeld()
      .then(async (held) => (held ? utimes(path, now, now) : undefined))
      .catch(() => {});
  }, expiry / BEATS);
  beat.unref();
  return {
    temporary: temporaryOf(path, id),
    isHeld,
    async release() {
      clearInterval(beat);
      if (await isHeld()) await takeAway(path, holder);
    },
  };
}

async function create(path: string, holder: string): Promise<boolean> {
  try {
    await writeFile(path, holder, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (isNodeError(error, "EEXIST")) return false;
    throw error;
  }
}

// Two processes may find the same lock left behind, and the slower one may then take away the lock that the faster one made
// since: so it is moved first, looked at, and given back if it is another one. If somebody made a lock in between, the owner
// of that one finds out by `isHeld`, which is asked before anything is written or spent.
async function takeAway(path: string, holder: string): Promise<void> {
  const grave = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await rename(path, grave);
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return;
    throw error;
  }
  if ((await holderOf(grave)) === holder) {
    const [, id] = /^([0-9a-f]{16}) /.exec(holder) ?? [];
    if (id !== undefined) await rm(temporaryOf(path, id), { force: true });
  } else {
    await link(grave, path).catch(() => {
      // Somebody made a lock meanwhile. The owner of this one finds that out by itself.
    });
  }
  await rm(grave, { force: true });
}

const holderOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(undefinedIfMissing);

/** How long its holder wants it to be respected; ours where it doesn't say, as one that crashed while it made the file. */
const expiryOf = (holder: string, expiry: number): number => Number(/ (\d+)$/.exec(holder)?.[1] ?? expiry);

/** Who holds a lock, and when they touched it last, in milliseconds since 1970. */
interface Sign {
  readonly holder: string;
  readonly touched: number;
}

async function signOf(path: string): Promise<Sign | undefined> {
  const holder = await holderOf(path);
  const stats = await stat(path).catch(undefinedIfMissing);
  return holder === undefined || !stats ? undefined : { holder, touched: stats.mtimeMs };
}
