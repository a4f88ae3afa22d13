// The packages as they are published: built, packed, and installed in a folder outside of the workspace.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../../scripts/build.ts";
import { layProject } from "../../scripts/pack/project.ts";
import { packAll } from "../../scripts/pack/tarballs.ts";
import { importNames, resolveTarget } from "../../scripts/workspace/entries.ts";
import { readModule } from "../../scripts/workspace/modules.ts";
import { publicPackages } from "../../scripts/workspace/packages.ts";
import type { Installed } from "../specification/packed.ts";

/** Installs the tarballs of all packages in a folder. */
export async function installTarballs(folder: string): Promise<void> {
  const packages = publicPackages();
  await build(packages);
  await layProject(folder, await packAll(packages, folder));
}

/** What of the packages is for a runtime: each entry that its conditions lead to, with the values of its source. */
export function entriesFor(conditions: readonly string[]): Installed["entries"] {
  return publicPackages().flatMap((pkg) =>
    [...importNames(pkg).keys()].flatMap((name) => {
      const target = pkg.manifest.exports?.[`.${name.slice(pkg.manifest.name.length)}`] ?? null;
      const source = resolveTarget(target, [...conditions, "import"]);
      if (typeof source !== "string") return [];
      const values = readModule(join(pkg.dir, source)).exports.filter(({ isType }) => !isType);
      return [[name, values.map((value) => value.name)] as const];
    }),
  );
}

/** A module that loads each of these entries, for a bundler to resolve where it stands. */
export async function writeLoader(path: string, entries: Installed["entries"]): Promise<void> {
  const lines = entries.map(([name]) => `  "${name}": () => import("${name}"),`);
  await writeFile(path, `const entries = {\n${lines.join("\n")}\n};\nexport const load = (name) => entries[name]();\n`);
}
