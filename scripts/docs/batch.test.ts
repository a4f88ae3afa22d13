import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../workspace/run.ts";

/** Runs programs in one batch, and gives what each has printed; undefined for those that have no outcome. */
async function batch(...programs: string[]): Promise<(string | undefined)[]> {
  const dir = mkdtempSync(join(tmpdir(), "authflow-batch-"));
  const files = programs.map((code, index) => {
    const file = join(dir, `${index}.mjs`);
    writeFileSync(file, code);
    return file;
  });
  await run(process.execPath, [
    join(import.meta.dirname, "batch.ts"),
    ...files.flatMap((file) => [file, `${file}.out`]),
  ]);
  const outcomes = files.map((file) => (existsSync(`${file}.out`) ? readFileSync(`${file}.out`, "utf8") : undefined));
  rmSync(dir, { recursive: true });
  return outcomes;
}

test("keeps what each program prints, late lines included, and gives the next one the globals as they were", async () => {
  const changes = "globalThis.fetch = globalThis.other = 1; process.env.OTHER = '1'; console.log('a')";
  const looks = "console.log(typeof fetch, typeof other, process.env.OTHER); setTimeout(() => console.log('late'), 20)";
  expect(await batch(changes, looks)).toEqual(["a\n", "function undefined undefined\nlate\n"]);
});

test("has no outcome of a program that throws, rejects, leaves a timer running or sets an exit code", async () => {
  const programs = ["throw 1", "Promise.reject(1)", "process.exitCode = 1", "setInterval(() => {}, 1000)"];
  expect(await batch(...programs)).toEqual([undefined, undefined, undefined, undefined]);
});

test("has no outcome of a program that never ends, nor of those behind it", async () => {
  expect(await batch("console.log(1)", "await new Promise(() => {})", "console.log(3)")).toEqual([
    "1\n",
    undefined,
    undefined,
  ]);
});
