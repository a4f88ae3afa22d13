// A project outside the workspace, with the tarballs installed as a user would install packages.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { importNames, resolveTarget } from "../workspace/entries.ts";
import { installedElsewhere, linkInto } from "../workspace/installed.ts";
import { readModule } from "../workspace/modules.ts";
import { filesBelow, root, type Package, type Target } from "../workspace/packages.ts";
import { run } from "../workspace/run.ts";
import type { Tarball } from "./tarballs.ts";

/** A way in which a user's TypeScript may be set up. */
export interface Setup {
  readonly name: string;
  readonly resolution: "nodenext" | "bundler";
  /** Where fetch comes from: the DOM lib, or @types/node alone. */
  readonly platform: "dom" | "node";
}

export const SETUPS: readonly Setup[] = (["nodenext", "bundler"] as const).flatMap((resolution) =>
  (["dom", "node"] as const).map((platform) => ({
    name: `${resolution}, ${platform === "dom" ? "DOM lib" : "@types/node"}`,
    resolution,
    platform,
  })),
);

/** The conditions under which TypeScript reads `exports`, beside "types". */
const CONDITIONS: Readonly<Record<Setup["resolution"], readonly string[]>> = {
  nodenext: ["node", "import"],
  bundler: ["import"],
};

/** Lays the project in a folder and installs the tarballs there. */
export async function layProject(dir: string, tarballs: readonly Tarball[]): Promise<void> {
  mkdirSync(dir, { recursive: true });
  await install(dir, tarballs);
  // The usages in scripts/consumer import what the workspace is tested with, for example other clients.
  for (const [name, target] of installedElsewhere()) linkInto(dir, name, target);
  const usages = filesBelow(join(root, "scripts/consumer"), /\.ts$/);
  for (const file of usages) copyFileSync(file, join(dir, basename(file)));
  for (const resolution of ["nodenext", "bundler"] as const) {
    const lines = tarballs.flatMap(({ pkg }) => everyName(pkg, resolution));
    writeFileSync(join(dir, `every-name.${resolution}.ts`), `${lines.join("\n")}\n`);
  }
  for (const setup of SETUPS) {
    // Our declarations are read as closely as the user's own code; those of other clients are not ours to judge.
    const names = tsconfig(setup, [`every-name.${setup.resolution}.ts`], { skipLibCheck: false });
    const uses = tsconfig(
      setup,
      usages.map((file) => basename(file)),
      { skipLibCheck: true },
    );
    writeFileSync(join(dir, configOf(setup, "names")), JSON.stringify(names));
    writeFileSync(join(dir, configOf(setup, "uses")), JSON.stringify(uses));
  }
}

async function install(dir: string, tarballs: readonly Tarball[]): Promise<void> {
  const packed = Object.fromEntries(tarballs.map(({ pkg, path }) => [pkg.manifest.name, `file:${path}`]));
  const manifest = {
    private: true,
    type: "module",
    dependencies: packed,
    // The tarballs ask for each other by version; the versions are these files.
    overrides: Object.fromEntries(Object.keys(packed).map((name) => [name, `$${name}`])),
  };
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest, null, 2));
  const { code, output } = await run(
    "npm",
    [
      "install",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--no-package-lock",
      "--loglevel=error",
    ],
    { cwd: dir, env: withoutNpmSettings() },
  );
  if (code !== 0) throw new Error(`npm could not install the tarballs:\n${output}`);
}

/** Type-checks the project; returns what tsc says, empty when it is content. */
export async function checkTypes(dir: string, tsc: string, setup: Setup): Promise<string> {
  const said: string[] = [];
  for (const part of ["names", "uses"] as const) {
    const { code, output } = await run(process.execPath, [tsc, "-p", configOf(setup, part), "--pretty", "false"], {
      cwd: dir,
    });
    if (code !== 0) said.push(output.trim() || `tsc ended with exit code ${code}`);
  }
  return said.join("\n");
}

/** The names that each entry exports as values, by the name under which Node, or a browser, imports it. */
export function valuesOf(pkg: Package, platform: "node" | "browser" = "node"): [name: string, values: string[]][] {
  return namesOf(pkg, [platform, "import"]).map(([name, exports]) => [
    name,
    exports.filter(({ isType }) => !isType).map((value) => value.name),
  ]);
}

function everyName(pkg: Package, resolution: Setup["resolution"]): string[] {
  return namesOf(pkg, ["types", ...CONDITIONS[resolution]]).map(([name, exports], index) => {
    // Re-exported under a name of its own, since two packages may use the same word.
    const prefix = `${pkg.folder.replaceAll("-", "_")}_${index}_`;
    const names = exports.map((found) => `${found.isType ? "type " : ""}${found.name} as ${prefix}${found.name}`);
    return `export { ${names.join(", ")} } from "${name}";`;
  });
}

function namesOf(
  pkg: Package,
  conditions: readonly string[],
): [name: string, exports: { name: string; isType: boolean }[]][] {
  const targets: Readonly<Record<string, Target>> = pkg.manifest.exports ?? {};
  return [...importNames(pkg).keys()].flatMap((name) => {
    const source = resolveTarget(targets[`.${name.slice(pkg.manifest.name.length)}`] ?? null, conditions);
    return typeof source !== "string" ? [] : [[name, [...readModule(join(pkg.dir, source)).exports]]];
  });
}

function configOf({ resolution, platform }: Setup, part: "names" | "uses"): string {
  return `tsconfig.${resolution}-${platform}-${part}.json`;
}

function tsconfig(
  { resolution, platform }: Setup,
  files: readonly string[],
  options: { skipLibCheck: boolean },
): object {
  return {
    compilerOptions: {
      target: "es2022",
      module: resolution === "nodenext" ? "nodenext" : "esnext",
      moduleResolution: resolution,
      lib: platform === "dom" ? ["es2022", "dom", "dom.iterable"] : ["es2022"],
      types: platform === "dom" ? [] : ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      noEmit: true,
      ...options,
    },
    files,
  };
}

/** Inside `npm test` npm hands its own settings on (a prefix, a workspace), which are not meant for another project. */
function withoutNpmSettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^npm_(config_(local_)?prefix|package|lifecycle|command)/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, ""]));
}
