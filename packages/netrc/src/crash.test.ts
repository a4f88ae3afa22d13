import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
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
beforeAll(async () => {
  editor = join(mkdtempSync(join(tmpdir(), "netrc-")), "editor.mjs");
  await build({ entryPoints: [EDITOR], outfile: editor, bundle: true, platform: "node", format: "esm" });
});
afterAll(() => {
  rmSync(dirname(editor), { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "netrc-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Each step is a process: every third one where nobody has set CI. */
const STRIDE = process.env["CI"] ? 1 : 3;

/**
 * Runs something for the first step of an edit, the next and so on, until it says that there is no such step. Several
 * run at a time, since each waits for a lock, and each has a folder of its own, with a file that holds `BEFORE`.
 * @returns how many steps there are, `STRIDE` more or less
 */
async function atEachStep(run: (file: string, step: number) => Promise<boolean>): Promise<number> {
  const AT_A_TIME = 8;
  for (let first = 1; ; first += AT_A_TIME * STRIDE) {
    const steps = Array.from({ length: AT_A_TIME }, (_, index) => first + index * STRIDE);
    const reached = await Promise.all(
      steps.map(async (step) => {
        const own = mkdtempSync(join(folder, `step-${step}-`));
        const file = join(own, ".netrc");
        writeFileSync(file, BEFORE);
        const isReached = await run(file, step);
        expect(readdirSync(own), `step ${step}`).toEqual([".netrc"]);
        return isReached;
      }),
    );
    const end = reached.indexOf(false);
    if (end !== -1) return first + end * STRIDE - 1;
  }
}

/** Lets a lock look as if nobody had touched it for years. */
function age(lock: string): void {
  if (!existsSync(lock)) return;
  for (const path of [...readdirSync(lock).map((name) => join(lock, name)), lock]) utimesSync(path, 1, 1);
}

describe("a process that is killed while it edits", () => {
  it(
    "leaves the old file or the new one, whole, at whatever step, and stands in nobody's way",
    { timeout: 60_000 },
    async () => {
      const seen = new Set<string>();
      const steps = await atEachStep(async (file, step) => {
        const child = spawn(process.execPath, [editor, file, "a.example", "--kill-at", String(step)]);
        const [status, signal] = (await once(child, "close")) as [number | null, string | null];
        expect([status, signal], `step ${step}`).toEqual(signal === "SIGKILL" ? [null, signal] : [0, null]);
        const now = readFileSync(file, "utf8");
        expect([BEFORE, AFTER]).toContain(now);
        seen.add(now);

        // Its lock counts as long as it may be at work; afterwards the next one cleans up what it left.
        age(`${file}.lock`);
        await setCredentials(file, "c.example", TO);
        expect(parseNetrc(readFileSync(file, "utf8")).find("c.example")).toEqual(TO);
        expect(readFileSync(file, "utf8").startsWith(now)).toBe(true);
        return signal === "SIGKILL";
      });
      expect(steps).toBeGreaterThan(10);
      expect(seen.size).toBe(2);
    },
  );
});

describe.skipIf(process.platform === "win32")("a process that stands still while it edits, as a machine asleep", () => {
  it("takes nothing from who took its lock over, and loses nothing itself", { timeout: 60_000 }, async () => {
    const steps = await atEachStep(async (file, step) => {
      const child = spawn(process.execPath, [editor, file, "a.example", "--stop-at", String(step)]);
      try {
        const closed = once(child, "close");
        const isReached = await Promise.race([once(child.stdout, "data").then(() => true), closed.then(() => false)]);
        age(`${file}.lock`);
        await setCredentials(file, "c.example", TO);
        child.kill("SIGCONT");
        expect(await closed, `step ${step}`).toEqual([0, null]);
        const netrc = parseNetrc(readFileSync(file, "utf8"));
        for (const host of ["a.example", "c.example"]) expect(netrc.find(host), `${host}, step ${step}`).toEqual(TO);
        return isReached;
      } finally {
        child.kill("SIGKILL");
      }
    });
    expect(steps).toBeGreaterThan(10);
  });
});

describe("processes that edit at once", () => {
  it("lose nothing", { timeout: 60_000 }, async () => {
    const file = join(folder, ".netrc");
    writeFileSync(file, BEFORE);
    const hosts = [0, 1, 2].map((rank) => [0, 1, 2, 3, 4, 5].map((edit) => `h${edit}.p${rank}.example`));
    await Promise.all(hosts.map((own) => promisify(execFile)(process.execPath, [editor, file, ...own])));
    const netrc = parseNetrc(readFileSync(file, "utf8"));
    for (const host of hosts.flat()) expect(netrc.find(host)).toEqual(TO);
    expect(netrc.find("b.example")).toEqual({ login: "ada", password: "pw1" });
    expect(readdirSync(folder)).toEqual([".netrc"]);
  });
});
