import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readContents, writeContents } from "./contents.ts";
import type { FileLock } from "./lock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oauth2-"));
  file = join(folder, "tokens.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A lock that is held, or was lost meanwhile. */
const lock = (held: boolean): FileLock => ({
  temporary: join(folder, "half.tmp"),
  isHeld: async () => held,
  release: async () => {},
});

describe("the contents of a token file", () => {
  it("are nothing where there is no file, and come back as they were written, whatever they are", async () => {
    expect(await readContents(file)).toEqual(new Map());
    const contents = new Map([
      ["mine", 'ä\n\u2028"}'],
      ["__proto__", "x"],
      ["", ""],
    ]);
    expect(await writeContents(file, contents, lock(true))).toBe(true);
    expect(await readContents(file)).toEqual(contents);
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });

  it("aren't replaced by who has lost the lock: others may have written meanwhile", async () => {
    writeFileSync(file, '{"mine":"theirs"}', { mode: 0o600 });
    expect(await writeContents(file, new Map([["mine", "ours"]]), lock(false))).toBe(false);
    expect(readFileSync(file, "utf8")).toBe('{"mine":"theirs"}');
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });

  it("aren't replaced by who loses the lock right after it was asked, and the temporary file with it", async () => {
    const robbed: FileLock = {
      ...lock(true),
      isHeld: async () => {
        rmSync(join(folder, "half.tmp"));
        return true;
      },
    };
    expect(await writeContents(file, new Map([["mine", "ours"]]), robbed)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("lose what is no text", async () => {
    writeFileSync(file, '{"mine":"text","other":{"a":1},"third":null}', { mode: 0o600 });
    expect([...(await readContents(file))]).toEqual([["mine", "text"]]);
  });
});
