// The public face of every package: what its index.ts may hold, and what its package.json says about it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entriesOf, publishedFor, resolveTarget } from "./workspace/entries.ts";
import { readModule } from "./workspace/modules.ts";
import { publicPackages, shown, type Manifest, type Package } from "./workspace/packages.ts";
import { report, type Problem } from "./workspace/problems.ts";

const LONGEST_FACE = 15;

const problems: Problem[] = [];
const packages = publicPackages();
for (const pkg of packages) {
  checkFace(pkg);
  checkManifest(pkg);
  checkPublished(pkg, "exports");
  checkPublished(pkg, "imports");
  checkReadme(pkg);
}
report(problems, `${packages.length} packages`);

/** index.ts is a list of names: no code, no `export *`, no default, nothing that isn't exported by name. */
function checkFace(pkg: Package): void {
  const path = join(pkg.dir, "src/index.ts");
  const at = shown(path);
  if (!existsSync(path)) {
    problems.push({ at, rule: "face", message: "is missing; every package has one, with named re-exports." });
    return;
  }
  const { program, text, lineOf } = readModule(path);
  const lines = text.trimEnd().split("\n").length;
  if (lines > LONGEST_FACE) {
    const message = `has ${lines} lines, ${LONGEST_FACE} at most; a face that long hides more than one idea.`;
    problems.push({ at, rule: "face", message });
  }
  for (const statement of program.body) {
    const isNamed = statement.type === "ExportNamedDeclaration" && statement.source && statement.specifiers.length > 0;
    if (!isNamed) {
      const message =
        'is no named re-export; write `export { name } from "./file.ts"` and keep code in a file of its own.';
      problems.push({ at: `${at}:${lineOf(statement.start)}`, rule: "face", message });
    } else if (statement.specifiers.some(({ exported }) => "name" in exported && exported.name === "default")) {
      const message = "re-exports a default; every export has a name.";
      problems.push({ at: `${at}:${lineOf(statement.start)}`, rule: "face", message });
    }
  }
  if (program.body.length === 0) problems.push({ at, rule: "face", message: "exports nothing." });
}

/** What npm, bundlers and Node read of a package. */
function checkManifest({ dir, folder, manifest }: Package): void {
  const expectations: Readonly<Record<string, readonly [holds: boolean, remedy: string]>> = {
    name: [manifest.name === `@authflow/${folder}`, `has to be "@authflow/${folder}", after its folder.`],
    version: [/^\d+\.\d+\.\d+/.test(manifest.version ?? ""), "has to be a version."],
    description: [(manifest.description ?? "").length > 10, "has to say in one line what the package is for."],
    license: [manifest.license === "MIT", 'has to be "MIT".'],
    type: [manifest.type === "module", 'has to be "module".'],
    sideEffects: [manifest.sideEffects === false, "has to be false, so that a bundler drops what nobody imports."],
    exports: [manifest.exports?.["."] !== undefined, 'has to offer ".", the package itself.'],
    files: [sameNames(manifest.files, ["dist", "README.md"]), 'has to be ["dist", "README.md"].'],
    engines: [manifest.engines?.["node"] === ">=20.19", 'has to be { "node": ">=20.19" }.'],
    "publishConfig.access": [manifest.publishConfig?.access === "public", 'has to be "public".'],
    "publishConfig.provenance": [manifest.publishConfig?.provenance === true, "has to be true."],
  };
  for (const [field, [holds, remedy]] of Object.entries(expectations)) {
    if (!holds)
      problems.push({ at: `${shown(dir)}/package.json`, rule: "manifest", message: `\`${field}\` ${remedy}` });
  }
  checkVersions(dir, manifest);
}

/** Siblings follow the workspace, everything else is exact, so that two installs are one and the same. */
function checkVersions(dir: string, manifest: Manifest): void {
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const sibling = name.startsWith("@authflow/");
    if (sibling ? range === "workspace:^" : /^(npm:.+@)?\d+\.\d+\.\d+/.test(range)) continue;
    const message = `${name} is "${range}"; write ${sibling ? '"workspace:^"' : "one exact version"}.`;
    problems.push({ at: `${shown(dir)}/package.json`, rule: "manifest", message });
  }
}

/** What is published offers the same names as the workspace, each as the types and the bundle of the same source. */
function checkPublished(pkg: Package, field: "exports" | "imports"): void {
  const at = `${shown(pkg.dir)}/package.json`;
  const here = pkg.manifest[field] ?? {};
  const there = pkg.manifest.publishConfig?.[field] ?? {};
  if (!sameNames(Object.keys(here), Object.keys(there))) {
    const message = `\`${field}\` has ${list(here)} and \`publishConfig.${field}\` has ${list(there)}; give both the same keys.`;
    problems.push({ at, rule: "published", message });
    return;
  }
  for (const { key, conditions, source } of entriesOf(pkg)) {
    if (!(key in here)) continue;
    if (!existsSync(join(pkg.dir, source))) {
      problems.push({ at, rule: "published", message: `${key} leads to ${source}, which does not exist.` });
    }
    const platform = conditions.filter((condition) => condition !== "types");
    for (const asked of [platform, ["types", ...platform]]) {
      const expected = publishedAs(resolveTarget(here[key] ?? null, asked), asked);
      const found = resolveTarget(there[key] ?? null, asked);
      if (found === expected) continue;
      const under = asked.length > 0 ? `under ${asked.join(" + ")} ` : "";
      const message = `\`publishConfig.${field}\` gives "${key}" ${under}as ${found ?? "nothing"}; it has to be ${expected ?? "nothing"}.`;
      problems.push({ at, rule: "published", message });
    }
  }
}

/** The published path for a source that was found under conditions: its declarations where types are asked for. */
function publishedAs(source: string | null | undefined, asked: readonly string[]): string | null | undefined {
  if (typeof source !== "string") return source;
  const bundle = `./${publishedFor(source.replace(/^\.\//, ""))}`;
  return asked.includes("types") ? bundle.replace(/\.js$/, ".d.ts") : bundle;
}

function checkReadme({ dir, manifest }: Package): void {
  const path = join(dir, "README.md");
  if (!existsSync(path)) {
    problems.push({
      at: shown(path),
      rule: "readme",
      message: "is missing; a newcomer reads it first, and npm shows it.",
    });
  } else if (!readFileSync(path, "utf8").startsWith(`# ${manifest.name}\n`)) {
    problems.push({ at: shown(path), rule: "readme", message: `has to begin with the line "# ${manifest.name}".` });
  }
}

function sameNames(some: readonly string[] | undefined, others: readonly string[]): boolean {
  return (some ?? []).toSorted().join("\n") === others.toSorted().join("\n");
}

function list(target: object): string {
  return Object.keys(target).join(", ") || "nothing";
}
