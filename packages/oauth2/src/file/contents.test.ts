import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readContents, writeContents } from "./contents.ts";
import { acquire, type FileLock } from "./lock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oauth2-"));
  file = join(folder, "tokens.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock = async (): Promise<FileLock> =>
  acquire(join(folder, "lock"), 1_000_000, async () => Promise.reject(new RangeError("It is held.")));

describe("the contents of a token file", () => {
  it("are nothing where there is no file, and come back as they were written, whatever they are", async () => {
    expect(await readContents(file)).toEqual(new Map());
    const contents = new Map([
      ["mine", 'ä\n\u2028"}'],
      ["__proto__", "x"],
      ["", ""],
    ]);
    const held = await lock();
    expect(await writeContents(file, contents, held)).toBe(true);
    await held.release();
    expect(await readContents(file)).toEqual(contents);
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("aren't replaced by who has lost the lock: others may have written meanwhile", async () => {
    writeFileSync(file, '{"mine":"theirs"}', { mode: 0o600 });
    const lost = await lock();
    rmSync(join(folder, "lock"), { recursive: true });
    expect(await writeContents(file, new Map([["mine", "ours"]]), lost)).toBe(false);
    await lost.release();
    expect(readFileSync(file, "utf8")).toBe('{"mine":"theirs"}');
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });

  it("lose what is no text", async () => {
    writeFileSync(file, '{"mine":"text","other":{"a":1},"third":null}', { mode: 0o600 });
    expect([...(await readContents(file))]).toEqual([["mine", "text"]]);
  });
});
