import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { setCredentials } from "./credentials.ts";
import { parseNetrc } from "./parse.ts";

const EDITOR = fileURLToPath(new URL("fixtures/edit-process.ts", import.meta.url));
const TO = { login: "finley", password: "s3cret" };
const BEFORE = `machine b.example login ada password pw1\n${"# a comment\n".repeat(200)}`;
const AFTER = `${BEFORE}machine a.example\n  login finley\n  password s3cret\n`;

let editor: string; // one file, so that each of the many processes starts fast
let folder: string;
let file: string;
beforeAll(async () => {
  editor = join(mkdtempSync(join(tmpdir(), "netrc-")), "editor.mjs");
  await build({ entryPoints: [EDITOR], outfile: editor, bundle: true, platform: "node", format: "esm" });
});
afterAll(() => {
  rmSync(dirname(editor), { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "netrc-"));
  file = join(folder, ".netrc");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("a process that is killed while it edits", () => {
  it(
    "leaves the old file or the new one, whole, at whatever step, and stands in nobody's way",
    { timeout: 60_000 },
    async () => {
      const seen = new Set<string>();
      let killed = true;
      let step = 0;
      while (killed) {
        step += 1;
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
        writeFileSync(file, BEFORE);
        const { signal, status, stderr } = spawnSync(process.execPath, [
          editor,
          file,
          "a.example",
          "--kill-at",
          String(step),
        ]);
        killed = signal === "SIGKILL";
        if (!killed) expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
        const now = readFileSync(file, "utf8");
        expect([BEFORE, AFTER]).toContain(now);
        seen.add(now);

        // Its lock counts as long as it may be at work; afterwards the next one cleans up what it left.
        if (existsSync(`${file}.lock`)) utimesSync(`${file}.lock`, 1, 1);
        await setCredentials(file, "c.example", TO);
        expect(parseNetrc(readFileSync(file, "utf8")).find("c.example")).toEqual(TO);
        expect(readFileSync(file, "utf8").startsWith(now)).toBe(true);
        expect(readdirSync(folder)).toEqual([".netrc"]);
      }

      expect(step).toBeGreaterThan(10);
      expect(seen.size).toBe(2);
    },
  );
});

describe("processes that edit at once", () => {
  it("lose nothing", { timeout: 60_000 }, async () => {
    writeFileSync(file, BEFORE);
    const hosts = [0, 1, 2].map((rank) => [0, 1, 2, 3, 4, 5].map((edit) => `h${edit}.p${rank}.example`));
    await Promise.all(hosts.map((own) => promisify(execFile)(process.execPath, [editor, file, ...own])));
    const netrc = parseNetrc(readFileSync(file, "utf8"));
    for (const host of hosts.flat()) expect(netrc.find(host)).toEqual(TO);
    expect(netrc.find("b.example")).toEqual({ login: "ada", password: "pw1" });
    expect(readdirSync(folder)).toEqual([".netrc"]);
  });
});
