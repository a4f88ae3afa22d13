import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock.ts";

const CRASHED = "0123456789abcdef";

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "netrc-"));
  target = join(folder, ".netrc");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function leaveLock(seconds: number): void {
  writeFileSync(`${target}.lock`, CRASHED);
  utimesSync(`${target}.lock`, Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
}

describe("the lock of a netrc file", () => {
  it("lets one work at a time, and each in the end", async () => {
    let inside = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(target, async () => {
          inside += 1;
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          expect(inside).toBe(1);
          inside -= 1;
          done += 1;
        }),
      ),
    );
    expect(done).toBe(8);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is given up when the work fails, and the error of the work is what comes out", async () => {
    await expect(withLock(target, () => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is respected while it is young, for as long as patience lasts", async () => {
    leaveLock(0);
    const attempt = withLock(target, () => Promise.resolve(), { patience: 50 });
    await expect(attempt).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_LOCKED", file: target });
    expect(readFileSync(`${target}.lock`, "utf8")).toBe(CRASHED);
  });

  it.each([
    ["expired", -11],
    ["from a future that a clock was set back from", 3600],
  ])("is broken when it is %s, and what its holder left is deleted", async (_, seconds) => {
    leaveLock(seconds);
    writeFileSync(`${target}.${CRASHED}.tmp`, "half a file with a s3cret");
    await withLock(target, ({ isHeld }) => expect(isHeld()).resolves.toBe(true), { patience: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is broken when its holder crashed before it wrote its name", async () => {
    leaveLock(-11);
    writeFileSync(`${target}.lock`, "");
    utimesSync(`${target}.lock`, 1, 1);
    await withLock(target, ({ isHeld }) => expect(isHeld()).resolves.toBe(true), { patience: 0 });
  });

  it("deletes no file whose name stands in a lock that nobody here wrote", async () => {
    writeFileSync(`${target}.lock`, "/../precious");
    utimesSync(`${target}.lock`, 1, 1);
    writeFileSync(join(folder, "precious.tmp"), "");
    await withLock(target, () => Promise.resolve(), { patience: 0 });
    expect(existsSync(join(folder, "precious.tmp"))).toBe(true);
  });

  it("knows that it was broken, and then leaves the lock of the other one alone", async () => {
    await withLock(target, async ({ isHeld }) => {
      writeFileSync(`${target}.lock`, CRASHED);
      await expect(isHeld()).resolves.toBe(false);
    });
    expect(readFileSync(`${target}.lock`, "utf8")).toBe(CRASHED);
  });

  it("is one for each of many that find it expired at once", async () => {
    leaveLock(-11);
    let inside = 0;
    const works = Array.from({ length: 8 }, () =>
      withLock(target, async ({ isHeld }) => {
        inside += 1;
        expect(inside).toBe(1);
        expect(await isHeld()).toBe(true);
        inside -= 1;
      }),
    );
    await Promise.all(works);
    expect(readdirSync(folder)).toEqual([]);
  });
});
