// What an entry declares, read from the declarations that tsc wrote for it: every exported name, and every type of its own
// package that these mention, since a change to one is a change for who uses the other.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync, type Program } from "oxc-parser";

interface Declaration {
  readonly name: string;
  /** The statement, without comments and without its `export`. */
  readonly text: string;
}

/** A file of declarations. */
interface DeclarationFile {
  readonly path: string;
  readonly declared: readonly Declaration[];
  /** What it takes from other files: the name here, the name there, and where that is. */
  readonly taken: readonly { readonly name: string; readonly as: string; readonly path: string }[];
  readonly exported: readonly { readonly name: string; readonly as: string; readonly path: string | undefined }[];
}

/**
 * The declarations of an entry, as text that only a change to what users see changes.
 *
 * @param entry the path of its file
 * @param inside where a specifier that begins with "#" leads
 */
export function declarationsOf(
  entry: string,
  inside: (specifier: string) => string = (specifier) => specifier,
): string {
  const files = new Map<string, DeclarationFile>();
  const fileAt = (path: string): DeclarationFile => {
    const known = files.get(path) ?? readDeclarations(path, inside);
    files.set(path, known);
    return known;
  };
  const found = new Map<string, string>(); // by place and name
  const names: string[] = [];
  const resolve = (path: string, name: string): void => {
    const file = fileAt(path);
    const moved = file.exported.find((one) => one.as === name && one.path !== undefined);
    if (moved?.path !== undefined) return existsSync(moved.path) ? resolve(moved.path, moved.name) : undefined;
    const local = file.exported.find((one) => one.as === name)?.name ?? name;
    const taken = file.taken.find((one) => one.as === local);
    if (taken) return existsSync(taken.path) ? resolve(taken.path, taken.name) : undefined;
    const own = file.declared.filter((declaration) => declaration.name === local);
    const key = `${path} ${local}`;
    if (own.length === 0 || found.has(key)) return undefined;
    found.set(key, own.map(({ text }) => text).join("\n"));
    for (const word of new Set(own.flatMap(({ text }) => text.match(/[A-Za-z_$][\w$]*/g) ?? []))) {
      if (word !== local) resolve(path, word);
    }
    return undefined;
  };
  for (const { as } of fileAt(entry).exported) {
    names.push(as);
    resolve(entry, as);
  }
  const texts = [...found.values()].toSorted((a, b) => (a < b ? -1 : 1));
  return `exports ${[...new Set(names)].toSorted().join(", ")}\n\n${texts.join("\n")}\n`;
}

function readDeclarations(path: string, inside: (specifier: string) => string): DeclarationFile {
  const text = readFileSync(path, "utf8");
  const { program, comments, module } = parseSync(path, text, { sourceType: "module", lang: "dts" });
  const leadsTo = (specifier: string): string => {
    if (specifier.startsWith("#")) return inside(specifier);
    return specifier.startsWith(".") ? join(dirname(path), specifier.replace(/\.(js|ts)$/, ".d.ts")) : specifier;
  };
  const plain = (start: number, end: number): string => withoutComments(text, comments, start, end);
  return {
    path,
    declared: declarationsIn(program, plain),
    taken: module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries.map(({ importName, localName }) => ({
        name: importName.name ?? "default",
        as: localName.value,
        path: leadsTo(moduleRequest.value),
      })),
    ),
    exported: module.staticExports.flatMap(({ entries }) =>
      entries.map(({ importName, exportName, localName, moduleRequest }) => ({
        name: importName.name ?? localName.name ?? exportName.name ?? "default",
        as: exportName.name ?? "default",
        path: moduleRequest ? leadsTo(moduleRequest.value) : undefined,
      })),
    ),
  };
}

function declarationsIn({ body }: Program, plain: (start: number, end: number) => string): Declaration[] {
  return body.flatMap((statement): Declaration[] => {
    const inner = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (!inner) return [];
    const text = plain(inner.start, inner.end).replace(/^declare /, "");
    if (inner.type === "VariableDeclaration") {
      return inner.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [{ name: id.name, text }] : []));
    }
    return "id" in inner && inner.id?.type === "Identifier" ? [{ name: inner.id.name, text }] : [];
  });
}

/** A piece of a text, its comments left out and its spaces made one each. */
function withoutComments(
  text: string,
  comments: readonly { readonly start: number; readonly end: number }[],
  start: number,
  end: number,
): string {
  let piece = "";
  let at = start;
  for (const comment of comments) {
    if (comment.start < start || comment.end > end) continue;
    piece += text.slice(at, comment.start);
    at = comment.end;
  }
  return (piece + text.slice(at, end)).replace(/\s+/g, " ");
}
