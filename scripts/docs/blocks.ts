// The code blocks that documentation shows: where they stand and what they ask for.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readModule } from "../workspace/modules.ts";
import { isTest, publicPackages, root, shown, sourceFiles } from "../workspace/packages.ts";
import type { Problem } from "../workspace/problems.ts";
import { fencesIn, type Fence } from "./fences.ts";

export interface Block {
  /** The file that shows it, from the root of the workspace. */
  readonly page: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly language: "ts" | "tsx" | "js";
  readonly code: readonly string[];
  /** The blocks that it continues, first one first. */
  readonly before: readonly Block[];
  /** Why it is not run; undefined when it is. */
  readonly reason: string | undefined;
}

const LANGUAGES: Readonly<Record<string, Block["language"]>> = {
  ts: "ts",
  typescript: "ts",
  tsx: "tsx",
  js: "js",
  javascript: "js",
  mjs: "js",
};

/** The blocks of a Markdown page. */
export function blocksOfPage(page: string, problems: Problem[]): Block[] {
  return readBlocks(page, fencesIn(readFileSync(join(root, page), "utf8").split("\n")), problems);
}

/** The blocks in the docstrings of the packages' sources: fenced ones, and an @example that is code as it stands. */
export function blocksOfDocstrings(problems: Problem[]): Block[] {
  return publicPackages()
    .flatMap(({ dir }) => sourceFiles(join(dir, "src")))
    .filter((path) => !isTest(path))
    .flatMap((path) => readModule(path).comments.map((comment) => ({ ...comment, page: shown(path) })))
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .flatMap(({ page, value, line }) => readBlocks(page, fencesInDocstring(value, line), problems));
}

/** The code in a docstring. A page shows the whole of an @example as code when no fence says otherwise, so it is one. */
export function fencesInDocstring(comment: string, firstLine: number): Fence[] {
  const lines = comment.split("\n").map((text) => text.replace(/^\s*\*? ?/, ""));
  const fences = fencesIn(lines, firstLine);
  const isCode = (index: number): boolean =>
    fences.some(({ line, code }) => index >= line - firstLine && index <= line - firstLine + code.length + 1);
  const isTag = (text: string, index: number): boolean => /^@\w/.test(text) && !isCode(index);
  const bare = lines.flatMap((text, index): Fence[] => {
    if (!text.startsWith("@example") || !isTag(text, index)) return [];
    const end = lines.findIndex((other, at) => at > index && isTag(other, at));
    const last = end === -1 ? lines.length : end;
    if (fences.some(({ line }) => line > firstLine + index && line < firstLine + last)) return [];
    return [{ language: "ts", words: [], line: firstLine + index, code: lines.slice(index + 1, last) }];
  });
  return [...fences, ...bare].toSorted((a, b) => a.line - b.line);
}

function readBlocks(page: string, fences: readonly Fence[], problems: Problem[]): Block[] {
  const blocks: Block[] = [];
  for (const fence of fences) {
    const language = LANGUAGES[fence.language];
    if (!language) continue;
    const at = `${page}:${fence.line}`;
    const [word, ...rest] = fence.words.filter((text) => !/^[{[:]/.test(text)); // {3}, [name], :line-numbers are the site's
    const previous = blocks.at(-1);
    const block = { page, line: fence.line + 1, language, code: fence.code, before: [] as Block[] };
    if (word === undefined) blocks.push({ ...block, reason: undefined });
    else if (word === "no-run" && rest.length > 0) blocks.push({ ...block, reason: rest.join(" ") });
    else if (word === "no-run") {
      problems.push({ at, rule: "fence", message: "Say why it can't run: ```ts no-run needs a token endpoint." });
    } else if (word === "continues" && rest.length === 0 && previous?.language === language) {
      blocks.push({ ...block, before: [...previous.before, previous], reason: previous.reason });
    } else if (word === "continues") {
      problems.push({
        at,
        rule: "fence",
        message: "`continues` stands alone, and there has to be a block of its language before it.",
      });
    } else
      problems.push({ at, rule: "fence", message: `"${word}" is neither \`continues\` nor \`no-run\` with a reason.` });
  }
  return blocks;
}
