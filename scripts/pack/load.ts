// Imports and requires each entry of the installed tarballs, with Node as a user has it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../workspace/problems.ts";
import { run } from "../workspace/run.ts";
import { nodes } from "./nodes.ts";

// Runs in the project. Plain JavaScript, for a Node that strips no types.
const LOADER = `
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const wanted = JSON.parse(process.argv[2]);
for (const [name, values] of wanted) {
  const found = await import(name);
  const missing = values.filter((value) => !(value in found));
  const extra = Object.keys(found).filter((value) => !values.includes(value));
  if (missing.length > 0) console.log(name + " lacks " + missing.join(", "));
  if (extra.length > 0) console.log(name + " exports " + extra.join(", ") + ", which its source does not");
  if (require(name) !== found) console.log(name + " is another module when it is required");
}
`;

/** Loads the entries with this Node and with the machine's own; returns the versions that were used, and what went wrong. */
export async function checkLoading(
  dir: string,
  entries: readonly [name: string, values: readonly string[]][],
): Promise<{ versions: string[]; problems: Problem[] }> {
  writeFileSync(join(dir, "load.mjs"), LOADER);
  const problems: Problem[] = [];
  const versions: string[] = [];
  for (const { path, version } of nodes()) {
    versions.push(version);
    const { code, output, stdout } = await run(path, ["load.mjs", JSON.stringify(entries)], { cwd: dir });
    const at = `Node ${version}`;
    if (code !== 0) problems.push({ at, rule: "load", message: output.trim() });
    else for (const message of stdout.split("\n").filter(Boolean)) problems.push({ at, rule: "load", message });
  }
  return { versions, problems };
}
