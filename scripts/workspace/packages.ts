// The packages of the workspace, read from packages/*: nothing is registered anywhere else.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The folder of the workspace. */
export const root: string = resolve(import.meta.dirname, "../..");

/** What an `exports` or `imports` field holds: a path, or a choice of paths by condition. */
export type Target = string | null | { readonly [condition: string]: Target };

export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly exports?: Readonly<Record<string, Target>>;
  readonly imports?: Readonly<Record<string, Target>>;
  readonly publishConfig?: {
    readonly access?: string;
    readonly provenance?: boolean;
    readonly exports?: Readonly<Record<string, Target>>;
    readonly imports?: Readonly<Record<string, Target>>;
  };
  readonly files?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** The folder's name below `packages/`, for example `basic`. */
  readonly folder: string;
  /** The absolute path of the folder. */
  readonly dir: string;
  readonly manifest: Manifest;
}

/** Every package in `packages/*` that is published, in the order of their names. */
export function publicPackages(workspace: string = root): Package[] {
  return readdirSync(join(workspace, "packages"))
    .toSorted()
    .map((folder) => ({ folder, dir: join(workspace, "packages", folder) }))
    .filter(({ dir }) => existsSync(join(dir, "package.json")))
    .map((place) => ({ ...place, manifest: readManifest(place.dir) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** The package.json of a folder. */
export function readManifest(dir: string): Manifest {
  // The shape of a package.json is npm's promise; what this project asks of it is checked by check-faces.
  return JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as Manifest;
}

/** The folders that a tsconfig.json refers to; undefined where there is none. */
export function readReferences(dir: string): string[] | undefined {
  const path = join(dir, "tsconfig.json");
  if (!existsSync(path)) return undefined;
  const json = readFileSync(path, "utf8").replace(/^\s*\/\/.*$/gm, ""); // comments stand on lines of their own
  const { references = [] } = JSON.parse(json) as { references?: { path: string }[] }; // tsc checks the shape
  return references.map((reference) => resolve(dir, reference.path));
}

/** The TypeScript files below a folder, as absolute paths. */
export function sourceFiles(dir: string): string[] {
  return filesBelow(dir, /\.[cm]?tsx?$/);
}

/** The files below a folder whose names fit, as absolute paths, without what is installed, built or hidden. */
export function filesBelow(dir: string, fits: RegExp): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(dir, entry.name);
      if (entry.isDirectory())
        return /^(\.|(node_modules|dist|coverage)$)/.test(entry.name) ? [] : filesBelow(path, fits);
      return entry.isFile() && fits.test(entry.name) ? [path] : [];
    })
    .toSorted();
}

/** Whether a file is evidence (a test, a type test or what only they use) and not part of what is published. */
export function isTest(path: string): boolean {
  return /\.(test|test-d|bench)\.ts$/.test(path) || /[\\/]fixtures[\\/]/.test(path);
}

/** A path as it is shown: from the root of the workspace, with forward slashes. */
export function shown(path: string, workspace: string = root): string {
  return relative(workspace, path).split(sep).join("/");
}

/** The folder in which Node would find a package by name, seen from `dir`. */
export function installedAt(name: string, dir: string): string | undefined {
  for (let folder = dir; ; folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(place)) return place;
    if (folder === dirname(folder)) return undefined;
  }
}
