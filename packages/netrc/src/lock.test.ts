import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { rmdirSync, utimesSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock.ts";

const CRASHED = "0123456789abcdef";
/** An expiry that tests can wait for. What is to be old by it is older by far, and what is to be young has the default. */
const SHORT = { expiry: 1000 };

let folder: string;
let target: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "netrc-"));
  target = join(folder, ".netrc");
  lock = `${target}.lock`;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Lets the lock look as if it was touched so many seconds ago, and never before or since. */
function age(seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  for (const path of [...readdirSync(lock).map((name) => join(lock, name)), lock]) utimesSync(path, time, time);
}

/** Leaves a lock behind as a process does that crashed; without a claim, in the midst of making it. */
function leaveLock(secondsAgo: number, claim: string | undefined = CRASHED): void {
  mkdirSync(lock);
  if (claim) writeFileSync(join(lock, claim), "half a file with a s3cret");
  age(secondsAgo);
}

describe("the lock of a netrc file", () => {
  it("lets one work at a time, and each in the end", async () => {
    let inside = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(target, async () => {
          inside += 1;
          await turn();
          expect(inside).toBe(1);
          inside -= 1;
          done += 1;
        }),
      ),
    );
    expect(done).toBe(8);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("gives the work a file for this user alone, which may become the target", async () => {
    await withLock(target, async (claim) => {
      if (process.platform !== "win32") expect(statSync(claim).mode & 0o777).toBe(0o600);
      renameSync(claim, target);
    });
    expect(readdirSync(folder)).toEqual([".netrc"]);
  });

  it("is given up when the work fails, and the error of the work is what comes out", async () => {
    await expect(withLock(target, () => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is respected while it is young, for as long as patience lasts", async () => {
    leaveLock(0);
    const attempt = withLock(target, () => Promise.resolve(), { patience: 50 });
    await expect(attempt).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_LOCKED", file: target });
    expect(readdirSync(lock)).toEqual([CRASHED]);
  });

  it.each([
    ["is old", 11, CRASHED],
    ["is from a future that a clock was set back from", -3600, CRASHED],
    ["is old and empty, since its holder crashed before it laid its claim", 11, ""],
  ])("is broken when it %s, and what its holder left is deleted", async (_, secondsAgo, claim) => {
    leaveLock(secondsAgo, claim);
    await withLock(target, async (own) => expect(readdirSync(lock)).toEqual([basename(own)]), SHORT);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("isn't broken by the clock alone: not while its holder touches it, whatever time the file server writes", async () => {
    leaveLock(3600);
    let beats = 0;
    const beat = setInterval(() => age(3600 - ++beats), 1);
    try {
      const attempt = withLock(target, () => Promise.resolve(), { ...SHORT, patience: 200 });
      await expect(attempt).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_LOCKED" });
      expect(readdirSync(lock)).toEqual([CRASHED]);
    } finally {
      clearInterval(beat);
    }
  });

  it("is touched as long as the work lasts, however long that is", async () => {
    await withLock(
      target,
      async (claim) => {
        for (let beat = 0; beat < 3; beat += 1) {
          age(3600);
          while (statSync(claim).mtimeMs < Date.now() - 1_800_000) await turn();
        }
      },
      SHORT,
    );
  });

  it.each([
    ["a folder with a file that nobody here wrote", "precious"],
    ["a folder with such a file beside a claim", `${CRASHED}/precious`],
  ])("that is %s is nobody's to break", async (_, names) => {
    mkdirSync(lock);
    for (const name of names.split("/")) writeFileSync(join(lock, name), "");
    age(3600);
    const attempt = withLock(target, () => Promise.resolve(), { ...SHORT, patience: 100 });
    await expect(attempt).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_NETRC_LOCKED",
      message: `Other processes keep changing ${target}. Try again; if none does, delete ${lock}.`,
    });
    expect(readdirSync(lock)).toContain("precious");
  });

  it("that is a file, as other programs make one, is nobody's to break", async () => {
    writeFileSync(lock, "4711");
    utimesSync(lock, 1, 1);
    const attempt = withLock(target, () => Promise.resolve(), { ...SHORT, patience: 100 });
    await expect(attempt).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_LOCKED" });
    expect(readFileSync(lock, "utf8")).toBe("4711");
  });

  it("leaves the one that it was taken from nothing to change the target with, and the lock to who took it", async () => {
    let taken: Promise<void> | undefined;
    let finish: (() => void) | undefined;
    await withLock(
      target,
      async (claim) => {
        rmSync(claim); // as who finds it old does
        rmSync(lock, { recursive: true });
        await new Promise<void>((began) => {
          taken = withLock(target, async () => {
            began();
            await new Promise<void>((resolve) => {
              finish = resolve;
            });
          });
        });
        expect(() => renameSync(claim, target)).toThrow(expect.objectContaining({ code: "ENOENT" }));
      },
      { expiry: 1_000_000 },
    );
    expect(readdirSync(lock)).toHaveLength(1);
    finish?.();
    await taken;
    expect(readdirSync(folder)).toEqual([]);
  });

  it("isn't had by who stood still before they laid their claim, while another took the empty folder and has it now", async () => {
    const { mkdir, rm } = promises;
    const order: string[] = [];
    let other: Promise<void> | undefined;
    const withdrawn = new Promise<void>((resolve) => {
      promises.rm = async (...args) => {
        resolve();
        await rm(...args);
      };
    });
    promises.mkdir = async (...args: Parameters<typeof mkdir>) => {
      promises.mkdir = mkdir;
      syncBuiltinESMExports();
      await mkdir(...args);
      rmdirSync(lock);
      await new Promise<void>((began) => {
        other = withLock(target, async () => {
          began();
          await withdrawn;
          order.push("the other");
        });
      });
    };
    syncBuiltinESMExports();
    try {
      await withLock(target, async () => void order.push("who stood still"));
      await other;
    } finally {
      Object.assign(promises, { mkdir, rm });
      syncBuiltinESMExports();
    }
    expect(order).toEqual(["the other", "who stood still"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is one for each of many that find it old at once", async () => {
    for (const claim of [CRASHED, ""]) {
      leaveLock(11, claim);
      let inside = 0;
      const works = Array.from({ length: 8 }, () =>
        withLock(
          target,
          async (own) => {
            inside += 1;
            await turn();
            expect([inside, existsSync(own)]).toEqual([1, true]);
            inside -= 1;
          },
          SHORT,
        ),
      );
      await Promise.all(works);
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});
