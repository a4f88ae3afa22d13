// The direction of imports, between packages and inside them, and the few other rules that keep a house of many small
// packages readable. The tables that it reads are in architecture/.
import { join } from "node:path";
import { importProblems, type House } from "./architecture/imports.ts";
import {
  cycleProblems,
  platformProblems,
  roomProblems,
  sendingProblems,
  unreachedProblems,
} from "./architecture/inside.ts";
import { packageName, readModule, type Module } from "./workspace/modules.ts";
import {
  isTest,
  publicPackages,
  readManifest,
  readReferences,
  root,
  shown,
  sourceFiles,
  type Package,
} from "./workspace/packages.ts";
import { report, type Problem } from "./workspace/problems.ts";

const packages = publicPackages();
const house: House = {
  packages: new Map(packages.map((pkg) => [pkg.manifest.name, pkg])),
  forTests: Object.keys(readManifest(root).devDependencies ?? {}),
};
const problems: Problem[] = [];
let files = 0;

for (const pkg of packages) {
  const modules = sourceFiles(join(pkg.dir, "src")).map((path) => readModule(path));
  const sources = modules.filter(({ path }) => !isTest(path));
  files += modules.length;
  problems.push(
    ...modules.flatMap((module) => importProblems(pkg, module, house)),
    ...sources.flatMap((module) => sendingProblems(pkg, module)),
    ...roomProblems(pkg, sources),
    ...cycleProblems(sources),
    ...unreachedProblems(pkg, sources),
    ...platformProblems(pkg, sources),
    ...unusedDependencies(pkg, sources),
    ...missingReferences(pkg, sources),
  );
}
problems.push(...missingRootReferences());
for (const folder of ["packages", "examples", "scripts", "bench", "interop", "runtimes"]) {
  problems.push(...drawers(join(root, folder)));
}
report(problems, `${files} files in ${packages.length} packages`);

/** What is declared is used, so that nobody installs what nothing needs. */
function unusedDependencies({ dir, manifest }: Package, sources: readonly Module[]): Problem[] {
  const used = new Set(sources.flatMap(({ imports }) => imports.map(({ specifier }) => packageName(specifier))));
  // A name in createRequire(import.meta.url)("x") is not an import; it counts as used when it stands as a string.
  const isMentioned = (name: string): boolean => sources.some(({ text }) => text.includes(`"${name}"`));
  return Object.keys(manifest.dependencies ?? {})
    .filter((name) => !used.has(name) && !isMentioned(name))
    .map((name) => {
      const message = `${name} is a dependency that no source imports; remove it, or move it to devDependencies.`;
      return { at: `${shown(dir)}/package.json`, rule: "declared", message };
    });
}

/** `tsc -b` builds in the order of the references, so they have to say what the imports say. */
function missingReferences({ dir }: Package, sources: readonly Module[]): Problem[] {
  const at = `${shown(dir)}/tsconfig.json`;
  const references = readReferences(dir);
  if (!references) return [{ at, rule: "references", message: "is missing; copy the one of basic." }];
  const imported = new Set(
    sources.flatMap(({ imports }) => imports.map(({ specifier }) => house.packages.get(packageName(specifier)))),
  );
  return [...imported]
    .filter((sibling) => sibling !== undefined && sibling.dir !== dir && !references.includes(sibling.dir))
    .map((sibling) => {
      const message = `add { "path": "../${sibling?.folder ?? ""}" } to references, since a source imports it.`;
      return { at, rule: "references", message };
    });
}

function missingRootReferences(): Problem[] {
  const references = readReferences(root) ?? [];
  return packages
    .filter(({ dir }) => !references.includes(dir))
    .map(({ dir }) => {
      const message = `add { "path": "${shown(dir)}" } to references.`;
      return { at: "tsconfig.json", rule: "references", message };
    });
}

/** No file is a drawer for what has no place. */
function drawers(dir: string): Problem[] {
  return sourceFiles(dir).flatMap((path) => {
    const drawer = shown(path)
      .split("/")
      .find((part) => /^(utils?|helpers?|common|misc|shared|lib)(\.|$)/.test(part));
    if (drawer === undefined) return [];
    const message = `"${drawer}" says nothing about what is inside; name it after its one idea.`;
    return [{ at: shown(path), rule: "names", message }];
  });
}
