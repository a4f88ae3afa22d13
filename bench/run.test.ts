import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { groups } from "./groups.ts";

function bench(...args: readonly string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [join(import.meta.dirname, "run.ts"), ...args], { encoding: "utf8" });
}

it("names the groups to whoever asks for one that there isn't", () => {
  const { status, stdout } = bench("in-proces");
  expect(status).toBe(2);
  expect(stdout).toContain(`in-proces. There are ${[...groups.keys()].join(", ")}.`);
});

it("puts no quick figures on record", () => {
  const { status, stdout } = bench("--quick", "--write");
  expect(status).toBe(2);
  expect(stdout).toContain("Leave --quick or --write out.");
});

it("says how it is used to whoever asks for what it doesn't know", () => {
  const { status, stdout } = bench("--slow");
  expect(status).toBe(2);
  expect(stdout).toMatch(/^Unknown option '--slow'[^]*npm run bench -- --write/);
});
