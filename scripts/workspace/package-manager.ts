// The package manager that the workspace is installed with.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./packages.ts";

/** Its name and its exact version. */
export function packageManager(): { name: string; version: string } {
  const { devEngines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devEngines: { packageManager: { name: string; version: string } }; // as scripts/setup.mjs reads it
  };
  return devEngines.packageManager;
}
