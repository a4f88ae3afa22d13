// Each import leads where its package may look, and is declared.
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { importNames } from "../workspace/entries.ts";
import { packageName, problemAt, type Import, type Module } from "../workspace/modules.ts";
import { isTest, root, shown, type Package } from "../workspace/packages.ts";
import type { Problem } from "../workspace/problems.ts";
import { mayImportFromElsewhere, mayKnow } from "./direction.ts";

/** The workspace around a package. */
export interface House {
  readonly packages: ReadonlyMap<string, Package>;
  /** What the root installs for every test. */
  readonly forTests: readonly string[];
}

type Said = readonly [rule: string, message: string];

/** What is wrong with the imports of a file. */
export function importProblems(pkg: Package, module: Module, house: House): Problem[] {
  return module.imports.flatMap((found) =>
    judge(pkg, module, found, house).map(([rule, message]) => problemAt(module, found.line, rule, message)),
  );
}

function judge(pkg: Package, module: Module, { specifier }: Import, house: House): Said[] {
  if (specifier.startsWith(".")) return judgeRelative(pkg, module, specifier);
  if (specifier.startsWith("#")) {
    if (specifier in (pkg.manifest.imports ?? {})) return [];
    return [["declared", `${specifier} is not in the \`imports\` of the package.json; add it there.`]];
  }
  if (specifier.startsWith("node:")) return [];
  if (builtinModules.includes(specifier)) return [["builtin", `Write "node:${specifier}".`]];
  return judgePackage(pkg, module, specifier, house);
}

function judgeRelative(pkg: Package, module: Module, specifier: string): Said[] {
  const test = isTest(module.path);
  const target = resolve(dirname(module.path), specifier);
  const isVector = test && target.startsWith(join(root, "conformance")) && target.endsWith(".json");
  if (!isVector && relative(pkg.dir, target).startsWith("..")) {
    return [["own package", `${specifier} leaves the package; import the other package by its name.`]];
  }
  if (!/\.(ts|json)$/.test(specifier)) {
    return [["extension", `${specifier} has to end in .ts, since Node runs the sources as they are.`]];
  }
  if (test) return [];
  if (isTest(target)) return [["tests", `${specifier} is a test; what is published may not import it.`]];
  if (relative(join(pkg.dir, "src"), target).startsWith("..")) {
    return [["own package", `${specifier} stands outside src, so it would not be published.`]];
  }
  return [];
}

function judgePackage(pkg: Package, module: Module, specifier: string, house: House): Said[] {
  const test = isTest(module.path);
  const name = packageName(specifier);
  const sibling = house.packages.get(name);
  const said: Said[] = [];
  if (sibling && !importNames(sibling).has(specifier)) {
    said.push(["public face", `${specifier} is not in the \`exports\` of ${name}; import what it offers.`]);
  }
  if (name === pkg.manifest.name) {
    if (!test) said.push(["own package", "A source imports its own package by relative path."]);
    return said;
  }
  if (!declaredBy(pkg, test, house).has(name)) {
    const where = test ? "devDependencies" : "dependencies";
    said.push(["declared", `${name} is not declared; add it to the ${where} of ${shown(pkg.dir)}/package.json.`]);
  }
  if (test) return said;
  if (sibling && !mayKnow(pkg.folder).includes(sibling.folder)) {
    const known = mayKnow(pkg.folder).join(", ") || "no other package";
    said.push(["direction", `${pkg.folder} may know ${known}; move what both need down, or pass it in.`]);
  }
  if (!sibling && !mayImportFromElsewhere(pkg.folder, name)) {
    said.push(["direction", `${pkg.folder} is part of the foundation and may not import ${name}.`]);
  }
  return said;
}

function declaredBy({ manifest }: Package, test: boolean, { forTests }: House): Set<string> {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  const always = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  return new Set(test ? [...always, ...Object.keys(devDependencies ?? {}), ...forTests] : always);
}
