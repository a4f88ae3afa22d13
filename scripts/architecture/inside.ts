// The rules inside a package: its rooms, who sends, cycles, and what is portable.
import { dirname, join, relative, resolve } from "node:path";
import { Visitor } from "oxc-parser";
import { entriesOf } from "../workspace/entries.ts";
import { problemAt, relativeImports, type Module } from "../workspace/modules.ts";
import { shown, type Package } from "../workspace/packages.ts";
import type { Problem } from "../workspace/problems.ts";
import { cyclesIn } from "./cycles.ts";
import { platformNames, portableSources } from "./platform.ts";
import { floorOf, floorsOf, roomOf, SENDS } from "./rooms.ts";

/** Lower rooms never know higher ones. */
export function roomProblems(pkg: Package, sources: readonly Module[]): Problem[] {
  const floors = floorsOf(pkg.folder);
  if (!floors) return [];
  const src = join(pkg.dir, "src");
  return sources.flatMap((module): Problem[] => {
    const room = roomOf(relative(src, module.path));
    const floor = floorOf(floors, room);
    if (floor === -1) {
      const known = floors.map(({ rooms, purpose }) => `${rooms.join(", ")} (${purpose})`).join("; ");
      const message = `No room is called "${room}". Put the file into one of ${known}, or add a room to the table.`;
      return [problemAt(module, 1, "rooms", message)];
    }
    return module.imports.flatMap(({ specifier, line }) => {
      if (!specifier.startsWith(".")) return [];
      const other = roomOf(relative(src, resolve(dirname(module.path), specifier)));
      if (floorOf(floors, other) <= floor) return [];
      const message = `"${room}" is below "${other}" and may not import it; the lower room has what both need.`;
      return [problemAt(module, line, "rooms", message)];
    });
  });
}

/** Only the runner calls what it was given to send with. */
export function sendingProblems(pkg: Package, module: Module): Problem[] {
  const room = roomOf(relative(join(pkg.dir, "src"), module.path));
  if (pkg.folder === "testing" || (pkg.folder === SENDS.folder && room === SENDS.room)) return [];
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
  if (isOwn) return [];
  const where = `the room "${SENDS.room}" of ${SENDS.folder}`;
  const message = `Only ${where} calls next(); yield the request, or use context.send.`;
  return calls.map((line) => problemAt(module, line, "one sender", message));
}

/** No file needs itself, on whatever way; an import of a type counts, since it says where an idea lives. */
export function cycleProblems(sources: readonly Module[]): Problem[] {
  return cyclesIn(new Map(sources.map((module) => [module.path, relativeImports(module)]))).map((cycle) => {
    const [first = ""] = cycle;
    const names = [...cycle, first].map((path) => shown(path)).join(" → ");
    return { at: shown(first), rule: "no cycles", message: `${names}; move what both need into a file below both.` };
  });
}

/** An entry reaches every source: one that none reaches is dead, and nobody would miss it. */
export function unreachedProblems(pkg: Package, sources: readonly Module[]): Problem[] {
  const byPath = new Map(sources.map((module) => [module.path, module]));
  const reached = new Set<string>();
  const visit = (path: string): void => {
    const module = byPath.get(path);
    if (!module || reached.has(path)) return;
    reached.add(path);
    for (const next of relativeImports(module)) visit(next);
  };
  for (const { source } of entriesOf(pkg)) visit(join(pkg.dir, source));
  return sources
    .filter(({ path }) => !reached.has(path))
    .map((module) =>
      problemAt(module, 1, "reached", "No entry of the package reaches this file; import it, or delete it."),
    );
}

/** Portable files name neither Node's modules nor its globals. */
export function platformProblems(pkg: Package, sources: readonly Module[]): Problem[] {
  const bySource = new Map(sources.map((module) => [shown(module.path, pkg.dir), module]));
  const portable = portableSources(pkg, (source) => {
    const module = bySource.get(source);
    return module ? relativeImports(module).map((path) => shown(path, pkg.dir)) : [];
  });
  const remedy = 'move it to a file that a condition ("node") of exports or imports selects';
  return [...bySource].flatMap(([source, module]) =>
    (portable.has(source) ? platformNames(module) : []).map(({ name, line }) =>
      problemAt(
        module,
        line,
        "portable",
        `${name} is not everywhere, and a portable entry reaches this file; ${remedy}.`,
      ),
    ),
  );
}
