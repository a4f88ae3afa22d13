// The tarballs type-check with every TypeScript that is supported, in every set-up. The compilers are installed once, in a
// folder that the default install does not fill, since nobody needs them to work on a package.
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";
import { checkTypes, layProject, SETUPS } from "./pack/project.ts";
import { packAll } from "./pack/tarballs.ts";
import { publicPackages, readManifest, root } from "./workspace/packages.ts";
import { run, sideBySide } from "./workspace/run.ts";

/** The oldest that is supported, the last of each year's since, and the newest; exact, so that a run can be repeated. */
const VERSIONS = ["5.4.5", "5.6.3", "5.9.3", "6.0.3", "7.0.2"];

const compilers = join(root, "node_modules/.cache/authflow-typescripts");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "authflow-types-")));
let passed = 0;
let failed = 0;
try {
  await installCompilers();
  const packages = publicPackages();
  await build(packages);
  const project = join(folder, "project");
  await layProject(project, await packAll(packages, folder));
  const runs = VERSIONS.flatMap((version) => SETUPS.map((setup) => ({ version, setup })));
  await sideBySide(runs, 2, async ({ version, setup }) => {
    const said = await checkTypes(project, compilerOf(version), setup);
    if (said) failed += 1;
    else passed += 1;
    console.log(
      `${said ? "✗" : "✓"} TypeScript ${version}, ${setup.name}${said ? `\n${said.replace(/^/gm, "    ")}` : ""}`,
    );
  });
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  failed += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function compilerOf(version: string): string {
  return join(compilers, "node_modules", alias(version), "bin/tsc");
}

function alias(version: string): string {
  return `typescript-${version}`;
}

async function installCompilers(): Promise<void> {
  const isThere = (version: string): boolean => {
    const dir = join(compilers, "node_modules", alias(version));
    return existsSync(join(dir, "package.json")) && readManifest(dir).version === version;
  };
  if (VERSIONS.every((version) => isThere(version))) return;
  mkdirSync(compilers, { recursive: true });
  const dependencies = Object.fromEntries(VERSIONS.map((version) => [alias(version), `npm:typescript@${version}`]));
  writeFileSync(join(compilers, "package.json"), JSON.stringify({ private: true, dependencies }, null, 2));
  const { code, output } = await run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: compilers,
  });
  if (code !== 0) throw new Error(`npm could not install the compilers:\n${output}`);
}
