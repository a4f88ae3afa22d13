import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { standingStill } from "../fixtures/stand-still.ts";
import { acquire, type FileLock } from "./lock.ts";

const CRASHED = "0123456789abcdef";
/** By this a lock that was touched in 1970 is old, and none that a test can make is. */
const LONG = 1_000_000;
/** By this an old lock is watched for 10 ms. */
const SHORT = 100;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oauth2-"));
  path = join(folder, "a.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lets a lock look as if it was touched at that time, in seconds since 1970, and never since. */
function touch(time: number): void {
  for (const one of [...readdirSync(path).map((name) => join(path, name)), path]) utimesSync(one, time, time);
}

/** Leaves a lock behind as a process does that crashed; without a claim, in the midst of making it. */
function leaveLock(time: number, claims: readonly string[] = [CRASHED]): void {
  mkdirSync(path);
  for (const claim of claims) writeFileSync(join(path, claim), '{"half":"a s3cret');
  touch(time);
}

const enough = async (): Promise<void> => Promise.reject(new RangeError("enough"));
const moment = async (): Promise<void> => delay(2);
/** As long as an old lock is watched, and longer. */
const patience = (): (() => Promise<void>) => {
  const end = performance.now() + SHORT;
  return async () => (performance.now() < end ? moment() : enough());
};

/** Has eight take the lock at once: each holds it in the end, and nobody while another does. */
async function expectOneAtATime(expiry: number): Promise<void> {
  let inside = 0;
  const work = async (): Promise<void> => {
    const lock = await acquire(path, expiry, moment);
    inside++;
    await turn();
    expect([inside, await lock.isHeld()]).toEqual([1, true]);
    inside--;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 8 }, work));
  expect(readdirSync(folder)).toEqual([]);
}

describe("a lock", () => {
  it("is for one at a time, and for each in the end", async () => {
    await expectOneAtATime(LONG);
  });

  it("has a claim that this user alone can read, which is gone when it is given back", async () => {
    const lock = await acquire(path, LONG, enough);
    expect(readFileSync(lock.claim, "utf8")).toBe("");
    if (process.platform !== "win32") {
      expect([path, lock.claim].map((one) => statSync(one).mode & 0o777)).toEqual([0o700, 0o600]);
    }
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is waited for until the wait ends", async () => {
    leaveLock(Date.now() / 1000);
    let waits = 0;
    const wait = async (): Promise<void> => (++waits < 3 ? turn() : enough());
    await expect(acquire(path, LONG, wait)).rejects.toThrow("enough");
    expect([waits, readdirSync(path)]).toEqual([3, [CRASHED]]);
  });

  it.each<[string, number, readonly string[]]>([
    ["is old", 1, [CRASHED]],
    ["is from a future that a clock was set back from", Date.now() / 1000 + 3600, [CRASHED]],
    ["is old and empty, since its holder crashed while it made it", 1, []],
    ["is old and holds two claims, since two met who both crashed", 1, [CRASHED, "fedcba9876543210"]],
  ])("is taken over when it %s, and what its holder left is deleted", async (_, time, claims) => {
    leaveLock(time, claims);
    const lock = await acquire(path, SHORT, moment);
    expect(readdirSync(path)).toEqual([basename(lock.claim)]);
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("isn't taken over by the clock alone: not while its holder touches it, at whatever time", async () => {
    for (const time of [1000, Date.now() / 1000 + 3600]) {
      leaveLock(time);
      let beats = 0;
      const end = performance.now() + SHORT;
      const wait = async (): Promise<void> => {
        touch(time + ++beats);
        return performance.now() < end ? turn() : enough();
      };
      await expect(acquire(path, SHORT, wait)).rejects.toThrow("enough");
      expect(readdirSync(path)).toEqual([CRASHED]);
      rmSync(path, { recursive: true });
    }
  });

  it("is touched for as long as it is held", async () => {
    const lock = await acquire(path, SHORT, enough);
    for (let beats = 0; beats < 3; beats++) {
      touch(1);
      while (statSync(lock.claim).mtimeMs < Date.now() - LONG) await turn();
    }
    await lock.release();
  });

  it("is touched no more once it is given back", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const lock = await acquire(path, SHORT, enough);
      expect(vi.getTimerCount()).toBe(1);
      await lock.release();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["a file that nobody here made", ["precious"]],
    ["such a file beside a claim", [CRASHED, "precious"]],
  ])("that is a folder with %s is nobody's to take over", async (_, names) => {
    leaveLock(1, names);
    await expect(acquire(path, SHORT, patience())).rejects.toThrow("enough");
    expect(readdirSync(path)).toEqual(names);
  });

  it("that is a file, which nobody here makes, is nobody's to take over: the error says which it is", async () => {
    writeFileSync(path, "4711");
    utimesSync(path, 1, 1);
    await expect(acquire(path, SHORT, patience())).rejects.toMatchObject({ code: "ENOTDIR", path });
    expect(readFileSync(path, "utf8")).toBe("4711");
  });

  it("that was taken over is no more held, and whoever had it gives nobody else's back", async () => {
    const lost = await acquire(path, LONG, enough);
    rmSync(path, { recursive: true });
    expect(await lost.isHeld()).toBe(false);
    const other = await acquire(path, LONG, enough);
    expect(await lost.isHeld()).toBe(false);
    await lost.release();
    expect(await other.isHeld()).toBe(true);
    await other.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("goes to one of many who find it left behind at once", async () => {
    for (const claims of [[CRASHED], []]) {
      leaveLock(1, claims);
      await expectOneAtATime(LONG / 1000);
    }
  });

  it("stays with whom it was given to, though at whatever step another stood still who took it for left behind or had it before", async () => {
    let asleep = 0;
    let steps: number;
    do {
      asleep++;
      leaveLock(1);
      let holder: FileLock | undefined;
      let third: FileLock | undefined;
      steps = await standingStill(
        async () => {
          const wait = async (): Promise<void> => (holder ? enough() : delay(SHORT / 5));
          const lock = await acquire(path, SHORT, wait).catch(() => undefined);
          if (!lock) return;
          expect(holder, `step ${asleep}`).toBeUndefined();
          await lock.release();
        },
        async (step) => {
          if (step === asleep) {
            rmSync(path, { recursive: true, force: true });
            holder = await acquire(path, LONG, enough);
          }
          if (step === asleep + 1) third = await acquire(path, LONG, enough).catch(() => undefined);
        },
      );
      expect([await holder?.isHeld(), third], `step ${asleep}`).toEqual([asleep <= steps || undefined, undefined]);
      await holder?.release();
      expect(readdirSync(folder), `step ${asleep}`).toEqual([]);
    } while (asleep <= steps);
    expect(steps).toBeGreaterThan(10);
  });
});
