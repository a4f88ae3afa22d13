// Installs the runtimes, once for each package.json: 0.9 GB that nobody needs to work on a package, so the default install
// leaves them out. Links the packages of the workspace, so that everything here finds them by name.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publicPackages } from "../scripts/workspace/packages.ts";
import { run } from "../scripts/workspace/run.ts";

/** This folder. */
export const here: string = import.meta.dirname;

const stamp = join(here, "node_modules/.authflow-setup");

/** @throws with npm's words if the runtimes can't be installed */
export async function installRuntimes(): Promise<void> {
  const wanted = createHash("sha256")
    .update(readFileSync(join(here, "package.json")))
    .digest("hex");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    console.log("installing the runtimes …");
    // Without scripts: they would put a copy or a link of each program elsewhere, and all are called where they are.
    const { code, output } = await run(
      "npm",
      [
        "install",
        "--ignore-scripts",
        "--no-package-lock",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "--loglevel=error",
      ],
      { cwd: here, env: withoutNpmSettings() },
    );
    if (code !== 0) throw new Error(`npm could not install the runtimes:\n${output}`);
    writeFileSync(stamp, wanted);
  }
}

/** Makes the packages importable here. Installing takes the links away again. */
export function linkPackages(): void {
  for (const { manifest, dir } of publicPackages()) {
    const place = join(here, "node_modules", manifest.name);
    if (existsSync(place)) continue;
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(dir, place, "junction");
  }
}

/** Inside `npm run` npm hands its own settings on, which are not meant for another folder. */
function withoutNpmSettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^npm_(config_(local_)?prefix|package|lifecycle|command)/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, ""]));
}
