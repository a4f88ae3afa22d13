// The mutants of a source: each is one small change that somebody could make by mistake, and that a test should notice.
import { parseModule } from "../workspace/modules.ts";

export type Kind = "condition" | "operator" | "constant" | "statement" | "file";

export interface Mutant {
  /** The file, from the root of the workspace. */
  readonly path: string;
  readonly line: number;
  /** The line on which the change begins, without its indentation. */
  readonly text: string;
  readonly kind: Kind;
  /** Where the change stands in the text; the whole text for a file that is deleted. */
  readonly start: number;
  readonly end: number;
  /** What stood there, and what stands there now. */
  readonly from: string;
  readonly to: string;
}

/** What is read of a node of the syntax tree; the members depend on its type. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

type Change = readonly [kind: Kind, start: number, end: number, to: string];

/** One operator for another that reads alike and means another thing. */
const SWAPPED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "&&": "||",
  "||": "&&",
};

/** Nodes that only TypeScript knows, and that hold an expression which runs. */
const TRANSPARENT: ReadonlySet<string> = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

/** Every mutant of a source, in the order of the text; the deletion of the file comes last. */
export function mutantsOf(path: string, text: string): Mutant[] {
  const { program, lineOf } = parseModule(path, text);
  const lines = text.split("\n");
  const changes: Change[] = [];
  visit(program as unknown as Node, (node) => changes.push(...changesOf(node, text))); // ESTree, read by its members
  const mutants = changes.map(([kind, start, end, to]): Mutant => {
    const line = lineOf(start);
    return { path, line, text: (lines[line - 1] ?? "").trim(), kind, start, end, from: text.slice(start, end), to };
  });
  mutants.sort((a, b) => a.start - b.start || a.end - b.end);
  return [...mutants, { path, line: 1, text: "", kind: "file", start: 0, end: text.length, from: "the file", to: "" }];
}

/** The text with the change made; undefined where the file is deleted. */
export function mutated(text: string, { kind, start, end, to }: Mutant): string | undefined {
  return kind === "file" ? undefined : text.slice(0, start) + to + text.slice(end);
}

function changesOf(node: Node, text: string): Change[] {
  const source = (part: Node): string => text.slice(part.start, part.end);
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression": {
      const test = node["test"] as Node;
      return [["condition", test.start, test.end, `!(${source(test)})`]];
    }
    case "BinaryExpression":
    case "LogicalExpression":
      return operatorChanges(node, text);
    case "Literal":
      return constantChanges(node);
    case "ExpressionStatement":
    case "ThrowStatement":
      return source(node).startsWith("super(") ? [] : [["statement", node.start, node.end, "{}"]];
    case "ReturnStatement":
      return node["argument"] === null ? [["statement", node.start, node.end, "{}"]] : [];
    default:
      return [];
  }
}

function operatorChanges(node: Node, text: string): Change[] {
  const [left, right, operator] = [node["left"] as Node, node["right"] as Node, String(node["operator"])];
  if (operator === "??") return [["operator", node.start, node.end, `(${text.slice(left.start, left.end)})`]];
  const swapped = SWAPPED[operator];
  if (swapped === undefined || (operator === "+" && [left, right].some((side) => isText(side)))) return [];
  const at = text.indexOf(operator, left.end + text.slice(left.end, right.start).search(/[^\s)]/));
  return [["operator", at, at + operator.length, swapped]];
}

function constantChanges({ value, start, end }: Node): Change[] {
  if (typeof value === "boolean") return [["constant", start, end, String(!value)]];
  if (typeof value === "number") return [["constant", start, end, String(value + 1)]];
  return typeof value === "string" && value !== "" ? [["constant", start, end, '""']] : [];
}

/** Joining texts is no arithmetic, as far as one sees it without types. */
function isText(node: Node): boolean {
  if (node.type === "BinaryExpression") return [node["left"], node["right"]].some((side) => isText(side as Node));
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");
}

/** Walks what runs: no types, no names of modules, and no sentences, which are compared by nobody. */
function visit(node: Node, seen: (node: Node) => void): void {
  if (/^(TS|Import|Export(All|Named)Declaration$)/.test(node.type) && !holdsCode(node)) return;
  seen(node);
  for (const [member, value] of Object.entries(node)) {
    if (member === "key" && node["computed"] !== true) continue; // a name, even where it stands in quotes
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child) && !isSentence(child)) visit(child, seen);
    }
  }
}

function holdsCode(node: Node): boolean {
  return TRANSPARENT.has(node.type) || (node.type === "ExportNamedDeclaration" && node["declaration"] !== null);
}

function isSentence({ type, value }: Node): boolean {
  return type === "Literal" && typeof value === "string" && /^[A-Z].* .* /.test(value);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
