// The direction of imports, between packages and inside them, and the few other rules that keep a house of many small
// packages readable. The tables that it reads are in architecture/.
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { Visitor } from "oxc-parser";
import { cyclesIn } from "./architecture/cycles.ts";
import { mayImportFromElsewhere, mayKnow } from "./architecture/direction.ts";
import { platformNames, portableSources } from "./architecture/platform.ts";
import { floorOf, floorsOf, roomOf, SENDS } from "./architecture/rooms.ts";
import { importNames } from "./workspace/entries.ts";
import { readModule, type Module } from "./workspace/modules.ts";
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

const problems: Problem[] = [];
const packages = publicPackages();
const byName = new Map(packages.map((pkg) => [pkg.manifest.name, pkg]));
const rootDevDependencies = Object.keys(readManifest(root).devDependencies ?? {});
let files = 0;

for (const pkg of packages) {
  const modules = sourceFiles(join(pkg.dir, "src")).map((path) => readModule(path));
  files += modules.length;
  const sources = modules.filter(({ path }) => !isTest(path));
  for (const module of modules) checkImports(pkg, module);
  for (const module of sources) checkSending(pkg, module);
  checkRooms(pkg, sources);
  checkCycles(sources);
  checkPlatform(pkg, sources);
  checkDependencies(pkg, sources);
  checkReferences(pkg, sources);
}
checkRootReferences();
for (const folder of ["packages", "examples", "scripts", "bench", "interop", "runtimes"])
  checkFileNames(join(root, folder));

report(problems, `${files} files in ${packages.length} packages`);

function problem(module: Module, line: number, rule: string, message: string): void {
  problems.push({ at: `${shown(module.path)}:${line}`, rule, message });
}

/** Each import leads where its package may look, and is declared. */
function checkImports(pkg: Package, module: Module): void {
  const test = isTest(module.path);
  for (const { specifier, line } of module.imports) {
    if (specifier.startsWith(".")) checkRelative(pkg, module, specifier, line, test);
    else if (specifier.startsWith("#")) {
      if (!(specifier in (pkg.manifest.imports ?? {}))) {
        problem(module, line, "declared", `${specifier} is not in the \`imports\` of the package.json; add it there.`);
      }
    } else if (isBuiltin(specifier)) {
      if (!specifier.startsWith("node:")) problem(module, line, "builtin", `Write "node:${specifier}".`);
    } else checkPackageImport(pkg, module, specifier, line, test);
  }
}

function checkRelative(pkg: Package, module: Module, specifier: string, line: number, test: boolean): void {
  const target = resolve(dirname(module.path), specifier);
  const isVector = test && target.startsWith(join(root, "conformance")) && target.endsWith(".json");
  if (!isVector && relative(pkg.dir, target).startsWith("..")) {
    problem(module, line, "own package", `${specifier} leaves the package; import the other package by its name.`);
  } else if (!/\.(ts|json)$/.test(specifier)) {
    problem(module, line, "extension", `${specifier} has to end in .ts, since Node runs the sources as they are.`);
  } else if (!test && isTest(target)) {
    problem(module, line, "tests", `${specifier} is a test; what is published may not import it.`);
  } else if (!test && relative(join(pkg.dir, "src"), target).startsWith("..")) {
    problem(module, line, "own package", `${specifier} stands outside src, so it would not be published.`);
  }
}

function checkPackageImport(pkg: Package, module: Module, specifier: string, line: number, test: boolean): void {
  const { manifest } = pkg;
  const name = packageName(specifier);
  const sibling = byName.get(name);
  if (sibling && !importNames(sibling).has(specifier)) {
    problem(module, line, "public face", `${specifier} is not in the \`exports\` of ${name}; import what it offers.`);
  }
  if (name === manifest.name) {
    if (!test) problem(module, line, "own package", "A source imports its own package by relative path.");
    return;
  }
  const declared = [
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
    ...(test ? [...Object.keys(manifest.devDependencies ?? {}), ...rootDevDependencies] : []),
  ];
  if (!declared.includes(name)) {
    const where = test ? "devDependencies" : "dependencies";
    problem(
      module,
      line,
      "declared",
      `${name} is not declared; add it to the ${where} of ${shown(pkg.dir)}/package.json.`,
    );
  }
  if (test) return;
  if (sibling && !mayKnow(pkg.folder).includes(sibling.folder)) {
    const known = mayKnow(pkg.folder).join(", ") || "no other package";
    problem(module, line, "direction", `${pkg.folder} may know ${known}; move what both need down, or pass it in.`);
  }
  if (!sibling && !mayImportFromElsewhere(pkg.folder, name)) {
    problem(module, line, "direction", `${pkg.folder} is part of the foundation and may not import ${name}.`);
  }
}

/** Lower rooms never know higher ones. */
function checkRooms(pkg: Package, sources: readonly Module[]): void {
  const floors = floorsOf(pkg.folder);
  if (!floors) return;
  const src = join(pkg.dir, "src");
  for (const module of sources) {
    const room = roomOf(relative(src, module.path));
    const floor = floorOf(floors, room);
    if (floor === -1) {
      const known = floors.map(({ rooms, purpose }) => `${rooms.join(", ")} (${purpose})`).join("; ");
      problem(
        module,
        1,
        "rooms",
        `No room is called "${room}". Put the file into one of ${known}, or add a room to the table.`,
      );
      continue;
    }
    for (const { specifier, line } of module.imports) {
      if (!specifier.startsWith(".")) continue;
      const other = roomOf(relative(src, resolve(dirname(module.path), specifier)));
      if (floorOf(floors, other) > floor) {
        problem(
          module,
          line,
          "rooms",
          `"${room}" is below "${other}" and may not import it; the lower room has what both need.`,
        );
      }
    }
  }
}

/** Only the runner calls what it was given to send with. */
function checkSending(pkg: Package, module: Module): void {
  const room = roomOf(relative(join(pkg.dir, "src"), module.path));
  if (pkg.folder === "testing" || (pkg.folder === SENDS.folder && room === SENDS.room)) return;
  const calls: number[] = [];
  let isOwn = false; // a scanner's own next() sends nothing
  new Visitor({
    FunctionDeclaration({ id }) {
      isOwn ||= id?.name === "next";
    },
    VariableDeclarator({ id }) {
      isOwn ||= id.type === "Identifier" && id.name === "next";
    },
    CallExpression({ callee, start }) {
      if (callee.type === "Identifier" && callee.name === "next") calls.push(module.lineOf(start));
    },
  }).visit(module.program);
  if (isOwn) return;
  const where = `the room "${SENDS.room}" of ${SENDS.folder}`;
  for (const line of calls) {
    problem(module, line, "one sender", `Only ${where} calls next(); yield the request, or use context.send.`);
  }
}

function checkCycles(sources: readonly Module[]): void {
  const graph = new Map(sources.map((module) => [module.path, relativeImports(module)]));
  for (const cycle of cyclesIn(graph)) {
    const [first = ""] = cycle;
    const names = [...cycle, first].map((path) => shown(path)).join(" → ");
    problems.push({
      at: shown(first),
      rule: "no cycles",
      message: `${names}; move what both need into a file below both.`,
    });
  }
}

/** Portable files name neither Node's modules nor its globals. */
function checkPlatform(pkg: Package, sources: readonly Module[]): void {
  const imports = new Map(sources.map((module) => [shown(module.path, pkg.dir), module]));
  const portable = portableSources(pkg, (source) => {
    const module = imports.get(source);
    return module ? relativeImports(module).map((path) => shown(path, pkg.dir)) : [];
  });
  for (const [source, module] of imports) {
    if (!portable.has(source)) continue;
    for (const { name, line } of platformNames(module)) {
      const remedy = 'move it to a file that a condition ("node") of exports or imports selects';
      problem(
        module,
        line,
        "portable",
        `${name} is not everywhere, and a portable entry reaches this file; ${remedy}.`,
      );
    }
  }
}

/** What is declared is used, so that nobody installs what nothing needs. */
function checkDependencies({ dir, manifest }: Package, sources: readonly Module[]): void {
  const used = new Set(sources.flatMap(({ imports }) => imports.map(({ specifier }) => packageName(specifier))));
  // A name in createRequire(import.meta.url)("x") is not an import; it counts as used when it stands as a string.
  const mentioned = (name: string): boolean => sources.some(({ text }) => text.includes(`"${name}"`));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (used.has(name) || mentioned(name)) continue;
    const message = `${name} is a dependency that no source imports; remove it, or move it to devDependencies.`;
    problems.push({ at: `${shown(dir)}/package.json`, rule: "declared", message });
  }
}

/** `tsc -b` builds in the order of the references, so they have to say what the imports say. */
function checkReferences(pkg: Package, sources: readonly Module[]): void {
  const config = readReferences(pkg.dir);
  if (!config) {
    problems.push({
      at: `${shown(pkg.dir)}/tsconfig.json`,
      rule: "references",
      message: "is missing; copy the one of basic.",
    });
    return;
  }
  const imported = new Set(
    sources
      .flatMap(({ imports }) => imports.map(({ specifier }) => byName.get(packageName(specifier))?.folder))
      .filter((folder) => folder !== undefined && folder !== pkg.folder),
  );
  for (const folder of imported) {
    if (config.includes(join(root, "packages", String(folder)))) continue;
    const message = `add { "path": "../${folder}" } to references, since a source imports it.`;
    problems.push({ at: `${shown(pkg.dir)}/tsconfig.json`, rule: "references", message });
  }
}

function checkRootReferences(): void {
  const config = readReferences(root) ?? [];
  for (const { dir } of packages) {
    if (config.includes(dir)) continue;
    problems.push({
      at: "tsconfig.json",
      rule: "references",
      message: `add { "path": "${shown(dir)}" } to references.`,
    });
  }
}

/** No file is a drawer for what has no place. */
function checkFileNames(dir: string): void {
  for (const path of sourceFiles(dir)) {
    const drawer = shown(path)
      .split("/")
      .find((part) => /^(utils?|helpers?|common|misc|shared|lib)(\.|$)/.test(part));
    if (!drawer) continue;
    const message = `"${drawer}" says nothing about what is inside; name it after its one idea.`;
    problems.push({ at: shown(path), rule: "names", message });
  }
}

function relativeImports({ path, imports }: Module): string[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => resolve(dirname(path), specifier));
}

function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}
