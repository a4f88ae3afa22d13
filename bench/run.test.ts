import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { groups } from "./groups.ts";
import { README, withSection } from "./report/readme.ts";

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

it("has a place for each group on the page", () => {
  const page = readFileSync(README, "utf8");
  for (const name of groups.keys()) expect(() => withSection(page, name, "")).not.toThrow();
});
