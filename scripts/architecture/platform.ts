// Which files may name Node's modules, `process` or `Buffer`: those that a condition of `exports` or `imports` selects
// ("node", "deno", "bun"), and what only they import. Everything else is portable.
import { Visitor, type Expression, type PrivateIdentifier, type Super } from "oxc-parser";
import { entriesOf, PLATFORM_CONDITIONS } from "../workspace/entries.ts";
import type { Module } from "../workspace/modules.ts";
import type { Package } from "../workspace/packages.ts";

export interface PlatformName {
  readonly name: string;
  readonly line: number;
}

const GLOBALS: ReadonlySet<string> = new Set(["process", "Buffer", "__dirname", "__filename", "require"]);

/**
 * The sources, by path from the package's folder, that a portable entry reaches.
 *
 * @param importsOf The relative imports of a source, resolved to paths from the package's folder.
 */
export function portableSources(pkg: Package, importsOf: (source: string) => readonly string[]): Set<string> {
  const reached = new Set<string>();
  const visit = (source: string): void => {
    if (reached.has(source)) return;
    reached.add(source);
    for (const next of importsOf(source)) visit(next);
  };
  for (const { conditions, source } of entriesOf(pkg)) {
    if (!conditions.some((condition) => PLATFORM_CONDITIONS.has(condition))) visit(source);
  }
  return reached;
}

/** Every place where a file names the platform. */
export function platformNames({ imports, program, lineOf }: Module): PlatformName[] {
  const names: PlatformName[] = imports
    .filter(({ specifier }) => specifier.startsWith("node:"))
    .map(({ specifier, line }) => ({ name: specifier, line }));
  const own = new Set<string>(); // a parameter called `process` is not the global
  const note = (node: Expression | PrivateIdentifier | Super): void => {
    if (node.type !== "Identifier" || !GLOBALS.has(node.name)) return;
    names.push({ name: node.name, line: lineOf(node.start) });
  };
  new Visitor({
    ObjectPattern({ properties }) {
      for (const property of properties) {
        if (property.type === "Property" && property.value.type === "Identifier") own.add(property.value.name);
      }
    },
    VariableDeclarator({ id }) {
      if (id.type === "Identifier") own.add(id.name);
    },
    MemberExpression({ object, property, computed }) {
      note(object);
      if (!computed && object.type === "Identifier" && object.name === "globalThis") note(property);
    },
    CallExpression({ callee }) {
      note(callee);
    },
    NewExpression({ callee }) {
      note(callee);
    },
    UnaryExpression({ operator, argument }) {
      if (operator === "typeof") note(argument);
    },
  }).visit(program);
  return names.filter(({ name }) => !own.has(name));
}
