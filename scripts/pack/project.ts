// A project outside the workspace, with the tarballs installed as a user would install packages.
import { copyFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { importNames, resolveTarget } from "../workspace/entries.ts";
import { readModule } from "../workspace/modules.ts";
import { filesBelow, readManifest, root, type Package, type Target } from "../workspace/packages.ts";
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

/** Lays the project in a folder and installs the tarballs there, with what the usages in scripts/consumer need. */
export async function layProject(dir: string, tarballs: readonly Tarball[]): Promise<void> {
  const usages = join(root, "scripts/consumer");
  const packed = Object.fromEntries(tarballs.map(({ pkg, path }) => [pkg.manifest.name, `file:${path}`]));
  const manifest = {
    private: true,
    type: "module",
    dependencies: { ...readManifest(usages).dependencies, ...packed },
    // The tarballs ask for each other by version; the versions are these files.
    overrides: Object.fromEntries(Object.keys(packed).map((name) => [name, `$${name}`])),
  };
  mkdirSync(dir, { recursive: true });
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
  mkdirSync(join(dir, "node_modules/@types"), { recursive: true });
  symlinkSync(realpathSync(join(root, "node_modules/@types/node")), join(dir, "node_modules/@types/node"), "junction");
  for (const resolution of ["nodenext", "bundler"] as const) {
    const lines = tarballs.flatMap(({ pkg }) => everyName(pkg, resolution));
    writeFileSync(join(dir, `every-name.${resolution}.ts`), `${lines.join("\n")}\n`);
  }
  const files = filesBelow(usages, /\.ts$/);
  for (const file of files) copyFileSync(file, join(dir, basename(file)));
  for (const setup of SETUPS) {
    writeFileSync(
      join(dir, configOf(setup)),
      JSON.stringify(
        tsconfig(
          setup,
          files.map((file) => basename(file)),
        ),
      ),
    );
  }
}

/** Type-checks the project; returns what tsc says, empty when it is content. */
export async function checkTypes(dir: string, tsc: string, setup: Setup): Promise<string> {
  const { code, output } = await run(process.execPath, [tsc, "-p", configOf(setup), "--pretty", "false"], { cwd: dir });
  return code === 0 ? "" : output.trim() || `tsc ended with exit code ${code}`;
}

/** The names that each entry exports as values, by the name under which Node imports it. */
export function valuesOf(pkg: Package): [name: string, values: string[]][] {
  return namesOf(pkg, CONDITIONS.nodenext).map(([name, exports]) => [
    name,
    exports.filter(({ isType }) => !isType).map((value) => value.name),
  ]);
}

function everyName(pkg: Package, resolution: Setup["resolution"]): string[] {
  return namesOf(pkg, CONDITIONS[resolution]).map(([name, exports], index) => {
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

function configOf({ resolution, platform }: Setup): string {
  return `tsconfig.${resolution}-${platform}.json`;
}

/** Strict, and skipLibCheck off: our declarations are read as closely as the user's own code. */
function tsconfig({ resolution, platform }: Setup, usages: readonly string[]): object {
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
      skipLibCheck: false,
      noEmit: true,
    },
    files: [`every-name.${resolution}.ts`, ...usages],
  };
}

/** Inside `npm test` npm hands its own settings on (a prefix, a workspace), which are not meant for another project. */
function withoutNpmSettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^npm_(config_(local_)?prefix|package|lifecycle|command)/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, ""]));
}
