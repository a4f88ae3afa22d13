// What is published works where it is installed: the tarballs are packed, looked at by publint and attw, installed in a
// project outside the workspace, type-checked there in every set-up, and loaded, at no more than its cost; and the first
// block of each README runs with nothing but what the page says to install.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";
import { checkImportCost } from "./pack/import-cost.ts";
import { checkLoading } from "./pack/load.ts";
import { checkTypes, layProject, SETUPS, valuesOf } from "./pack/project.ts";
import { checkReaders } from "./pack/readers.ts";
import { checkShape } from "./pack/shape.ts";
import { packAll } from "./pack/tarballs.ts";
import { filesBelow, isTest, publicPackages, root, shown } from "./workspace/packages.ts";
import { report, type Problem } from "./workspace/problems.ts";
import { sideBySide } from "./workspace/run.ts";

const problems: Problem[] = [];
const packages = publicPackages();
const folder = realpathSync(mkdtempSync(join(tmpdir(), "authflow-pack-")));
try {
  await build(packages);
  for (const { dir } of packages) checkContents(join(dir, "dist"));
  const tarballs = await packAll(packages, folder);
  for (const tarball of tarballs) problems.push(...(await checkShape(tarball)));

  const project = join(folder, "project");
  await layProject(project, tarballs);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await sideBySide(SETUPS, 2, async (setup) => {
    const said = await checkTypes(project, tsc, setup);
    if (said) problems.push({ at: setup.name, rule: "types", message: said });
  });

  const entries = packages.flatMap((pkg) => valuesOf(pkg));
  const loaded = await checkLoading(project, entries);
  problems.push(...loaded.problems);
  const names = entries.map(([name]) => name);
  problems.push(...(await checkImportCost(project, names)));
  problems.push(...(await checkReaders(join(folder, "readers"), project, packages)));
  const nodes = loaded.versions.join(" and ");
  report(
    problems,
    `${tarballs.length} tarballs, ${entries.length} entries, ${SETUPS.length} set-ups of TypeScript, loaded by Node ${nodes}`,
  );
} catch (error) {
  report(
    [...problems, { at: "pack", rule: "set-up", message: error instanceof Error ? error.message : String(error) }],
    "",
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Evidence is not published; a file of it in dist means that the package's tsconfig.json does not exclude it. */
function checkContents(dist: string): void {
  for (const path of filesBelow(dist, /\.d\.ts$/)) {
    if (!isTest(path.replace(/\.d\.ts$/, ".ts"))) continue;
    const message = "would be published; exclude what only tests use in the package's tsconfig.json.";
    problems.push({ at: shown(path), rule: "contents", message });
  }
}
