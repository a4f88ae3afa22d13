// The lines elsewhere that a package needs, each put where the alphabet has it; the texts keep all else as it is.
import type { Names } from "./name.ts";

/** Bytes, minified and gzipped, that a scheme from the template may weigh. */
const BUDGET = 700;

/** kB of JavaScript that it may load, flow's included. */
const KILOBYTES = 90;

/** tsconfig.json, with a reference to the package. */
export function withReference(tsconfig: string, { folder }: Names): string {
  return insertLine(
    tsconfig,
    /^ *\{ "path": "(packages\/[^"]+)" \},?$/,
    `packages/${folder}`,
    `{ "path": "packages/${folder}" }`,
  );
}

/** budgets.json, with a budget for the package. */
export function withBudget(budgets: string, { folder }: Names): string {
  const name = `@authflow/${folder}`;
  return insertLine(budgets, /^ *"([^"]+)": [^{]*?,?$/, name, `"${name}": ${BUDGET}`);
}

/** imports.json, with what importing the package costs. */
export function withImports(imports: string, { folder }: Names): string {
  const name = `@authflow/${folder}`;
  return insertLine(
    imports,
    /^ {2}"([^"]+)": /,
    name,
    `"${name}": { "loads": ["@authflow/flow"], "kilobytes": ${KILOBYTES} }`,
  );
}

/** The package's page in api/, as `npm run api` writes it. */
export function apiPage({ folder, factory, type }: Names): string {
  const exports = [`Invalid${type}Error`, `${type}Options`, factory].toSorted().join(", ");
  const declared = [
    `class Invalid${type}Error extends AuthError { constructor(problem: string); get name(): string; }`,
    `function ${factory}(options: ${type}Options): SyncScheme;`,
    `interface ${type}Options { readonly token: string; readonly origins?: readonly string[] | undefined; }`,
  ];
  return `# @authflow/${folder}\n\nexports ${exports}\n\n${declared.join("\n")}\n`;
}

/** docs/errors.md, with a section for the package's own error, among the schemes. */
export function withErrors(page: string, { folder, code }: Names): string {
  const section = [
    `## Of ${folder}`,
    "",
    "| code | what happened | what to do |",
    "| - | - | - |",
    `| \`ERR_AUTHFLOW_INVALID_${code}\` | the token is missing, empty, or holds what the field can't carry | often a variable that isn't set, or the line end of a file |`,
    "",
    "",
  ].join("\n");
  const headings = [...page.matchAll(/^## Of (.*)$/gm)].slice(1); // the first is of the runner
  const next = headings.find(([, of = ""]) => NO_SCHEMES.has(of) || of > folder);
  return next ? page.slice(0, next.index) + section + page.slice(next.index) : `${page}\n${section.trimEnd()}\n`;
}

/** Where the sections of the schemes end. */
const NO_SCHEMES: ReadonlySet<string> = new Set(["core", "ky", "testing", "challenge and hash"]);

/** Puts a line of a JSON list before the first of its kind whose key comes later, or behind the last one. */
function insertLine(text: string, kind: RegExp, key: string, content: string): string {
  const lines = text.split("\n");
  const fits = (line: string): string | undefined => kind.exec(line)?.[1];
  const later = lines.findIndex((line) => (fits(line) ?? "") > key);
  if (later !== -1) return lines.toSpliced(later, 0, `${indentOf(lines[later])}${content},`).join("\n");
  const last = lines.findLastIndex((line) => fits(line) !== undefined);
  const indent = indentOf(lines[last]);
  const end = lines.findIndex((line, index) => index > last && indentOf(line).length < indent.length);
  return lines.toSpliced(end - 1, 1, `${lines[end - 1] ?? ""},`, `${indent}${content}`).join("\n");
}

function indentOf(line = ""): string {
  return /^ */.exec(line)?.[0] ?? "";
}
