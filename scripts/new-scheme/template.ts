// The files of a new scheme, from template/: a package like the others, whose scheme sends a token in the Authorization
// field. Whoever writes another scheme changes its flow and keeps the rest.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Visitor } from "oxc-parser";
import { parseModule } from "../workspace/modules.ts";
import { filesBelow } from "../workspace/packages.ts";
import type { Names } from "./name.ts";

const TEMPLATE = join(import.meta.dirname, "template");
const SUFFIX = ".template";
const CONFORMANCE = "conformance.test.ts";

/**
 * The files of a package, by path from its folder.
 *
 * @param cases the ids of the cases that conformance/ has for it; undefined where it has none
 */
export function filesFor(names: Names, cases: readonly string[] | undefined): Map<string, string> {
  const files = filesBelow(TEMPLATE, /\.template$/).map((path): [string, string] => {
    const place = relative(TEMPLATE, path).replaceAll("\\", "/").slice(0, -SUFFIX.length);
    return [
      filled(place, names),
      filled(readFileSync(path, "utf8"), names).replaceAll("__cases__", JSON.stringify(cases)),
    ];
  });
  return new Map(files.filter(([path]) => cases !== undefined || !path.endsWith(CONFORMANCE)));
}

/** The identifiers that the template is written with: a factory of the same name would be mistaken for one of them. */
export function wordsOfTemplate(): Set<string> {
  const names: Names = { folder: "placeholder", factory: "placeholder", type: "Placeholder", code: "PLACEHOLDER" };
  const words = new Set<string>();
  for (const [path, text] of filesFor(names, [])) {
    for (const [, word = ""] of text.matchAll(/\bconst (\w+)/g)) words.add(word); // in the documentation, too
    if (path.endsWith(".ts")) {
      new Visitor({ Identifier: ({ name }) => void words.add(name) }).visit(parseModule(path, text).program);
    }
  }
  words.delete(names.factory);
  return words;
}

function filled(text: string, { folder, factory, type, code }: Names): string {
  return text
    .replaceAll("__name__", folder)
    .replaceAll("__factory__", factory)
    .replaceAll("__Type__", type)
    .replaceAll("__CODE__", code);
}
