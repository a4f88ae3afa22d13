// Installs the tools of the site, once for each lockfile.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageManager } from "../scripts/workspace/package-manager.ts";
import { root } from "../scripts/workspace/packages.ts";
import { run } from "../scripts/workspace/run.ts";

const here = join(root, "docs");
const stamp = join(here, "node_modules", ".authflow-set-up");

/** Makes the tools be there; rejects where they can't be had. */
export async function setUp(): Promise<void> {
  const wanted = createHash("sha256")
    .update(readFileSync(join(here, "pnpm-lock.yaml")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const { name, version } = packageManager();
  const { code, output } = await run("npx", ["-y", `${name}@${version}`, "install", "--frozen-lockfile"], {
    cwd: here,
    env: { CI: "true" },
  });
  if (code !== 0)
    throw new Error(`The tools of the site could not be installed; they need the npm registry.\n${output}`);
  writeFileSync(stamp, wanted);
}
