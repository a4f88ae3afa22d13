// What a source file imports, exports and names, read from its syntax tree.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseSync, Visitor, type EcmaScriptModule, type Program } from "oxc-parser";
import { shown } from "./packages.ts";
import type { Problem } from "./problems.ts";

export interface Import {
  /** What is imported, as written. */
  readonly specifier: string;
  readonly line: number;
}

export interface Export {
  readonly name: string;
  readonly isType: boolean;
}

export interface Module {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly imports: readonly Import[];
  /** The names that the file itself exports; `export *` is not followed. */
  readonly exports: readonly Export[];
  /** The comments, without their marks. */
  readonly comments: readonly { readonly type: "Line" | "Block"; readonly value: string; readonly line: number }[];
  /** The line of an offset, from 1. */
  readonly lineOf: (offset: number) => number;
}

/** Reads and parses a file; a syntax error is thrown, with its place. */
export function readModule(path: string): Module {
  return parseModule(path, readFileSync(path, "utf8"));
}

/** Parses the text of a file. */
export function parseModule(path: string, text: string): Module {
  const { program, module, comments, errors } = parseSync(path, text, { sourceType: "module" });
  const lineOf = lineCounter(text);
  const [error] = errors;
  if (error) throw new SyntaxError(`${path}:${lineOf(error.labels[0]?.start ?? 0)}: ${error.message}`);
  return {
    path,
    text,
    program,
    imports: importsOf(program, module).map(({ specifier, start }) => ({ specifier, line: lineOf(start) })),
    exports: exportsOf(module),
    comments: comments.map(({ type, value, start }) => ({ type, value, line: lineOf(start) })),
    lineOf,
  };
}

/** What a file imports from its own package, as absolute paths. */
export function relativeImports({ path, imports }: Module): string[] {
  return imports.flatMap(({ specifier }) => (specifier.startsWith(".") ? [resolve(dirname(path), specifier)] : []));
}

/** The package that a specifier names: "@authflow/netrc/text" is of "@authflow/netrc". */
export function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** A problem on a line of a file. */
export function problemAt(module: Module, line: number, rule: string, message: string): Problem {
  return { at: `${shown(module.path)}:${line}`, rule, message };
}

function importsOf(program: Program, module: EcmaScriptModule): { specifier: string; start: number }[] {
  const found = module.staticImports.map(({ moduleRequest }) => located(moduleRequest));
  for (const { entries } of module.staticExports) {
    const [entry] = entries;
    if (entry?.moduleRequest) found.push(located(entry.moduleRequest));
  }
  new Visitor({
    ImportExpression({ source }) {
      if (source.type === "Literal" && typeof source.value === "string") found.push(located(source));
    },
    TSImportType({ source }) {
      found.push(located(source));
    },
  }).visit(program);
  return found.toSorted((a, b) => a.start - b.start);
}

function located({ value, start }: { value: unknown; start: number }): { specifier: string; start: number } {
  return { specifier: String(value), start };
}

function exportsOf(module: EcmaScriptModule): Export[] {
  return module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ exportName, isType }) => {
      const kind: string = exportName.kind;
      if (kind === "Default") return [{ name: "default", isType }];
      return exportName.name === null ? [] : [{ name: exportName.name, isType }];
    });
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    return after === -1 ? starts.length : after;
  };
}
