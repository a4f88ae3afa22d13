// What the figures are compared with. It is no part of the workspace: npm installs it into this folder when a group first
// asks for it, and again when a version here has changed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/workspace/run.ts";

const FOLDER = import.meta.dirname;

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Imports a module that is listed in `bench/peers/package.json`, and installs what is listed there before, where it has to.
 * Each caller says what it expects of the module.
 *
 * @param name of the package, or a path within it
 * @throws what npm complained of
 */
export async function peer<Module>(name: string): Promise<Module> {
  if (!isInstalled()) await (installing ??= install());
  return (await import(name)) as Module; // found in this folder's node_modules, as this file is beside them
}

/** Tried once in a process: what failed fails again, and takes its time. */
let installing: Promise<void> | undefined;

async function install(): Promise<void> {
  console.log("Installing bench/peers: what the figures are compared with.\n");
  // The folder is named, since inside `npm run` npm takes the workspace for it.
  const options = ["--prefix", FOLDER, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await run("npm", ["ci", ...options], { cwd: FOLDER, timeout: 120_000 });
  if (code !== 0 || !isInstalled()) {
    throw new Error(`npm can't install bench/peers, so there is nothing to compare with. It says:\n${output.trim()}`);
  }
}

function isInstalled(): boolean {
  const { dependencies = {} } = manifestIn(FOLDER);
  return Object.entries(dependencies).every(
    ([name, version]) => manifestIn(join(FOLDER, "node_modules", name)).version === version,
  );
}

function manifestIn(folder: string): Manifest {
  const path = join(folder, "package.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : {};
}
