// A page of the site, made from a file of the workspace.
import { fencedLines, fencesIn } from "../docs/fences.ts";
import { drawSequence } from "./draw-sequence.ts";
import { relink, type Locate } from "./relink.ts";
import { parseArrows, parseSequence } from "./sequence.ts";

/** Says to readers on a code host where the text is that the site includes. */
const ELSEWHERE = "On a code host ";

export interface Sources {
  /** The text of a file of the workspace. */
  readonly read: (source: string) => string;
  readonly locate: Locate;
}

// `from` takes everything from a heading on, `section` what stands below that heading alone.
const INCLUDE = /^<!-- include (\S+) (from|section) "([^"]+)" -->$/;

/** The Markdown of a page: what it includes is there, its links lead on, its sequences are drawn. */
export function pageOf(source: string, sources: Sources): string {
  const text = sources.read(source);
  const markdown = source.endsWith(".ts") ? programPage(text, source) : text;
  const lines = markdown.split("\n");
  const code = fencedLines(lines);
  const whole = lines.flatMap((line, index) => {
    const [, file, extent, heading] = code.has(index) ? [] : (INCLUDE.exec(line) ?? []);
    if (file === undefined || heading === undefined) return line.startsWith(ELSEWHERE) ? [] : [line];
    return [relink(part(sources.read(file), heading, extent === "from", file), file, sources.locate)];
  });
  return drawn(relink(whole.join("\n"), source, sources.locate), source);
}

/** A file that a page leads to, as a page. */
export function filePage(source: string, text: string): string {
  const language = /\.(\w+)$/.exec(source)?.[1] ?? "text";
  const mark = "`".repeat(Math.max(3, ...Array.from(text.matchAll(/^\s*(`{3,})/gm), ([, run = ""]) => run.length + 1)));
  return [
    "---",
    "search: false",
    "outline: false",
    "---",
    `# ${source}`,
    "",
    `${mark}${language}`,
    text.trimEnd(),
    mark,
    "",
  ].join("\n");
}

/** A program whose first comment says what it does, without the lines by which it runs alone. */
export function programPage(text: string, source: string): string {
  const lines = text.trimEnd().split("\n");
  const start = lines.findIndex((line) => !line.startsWith("//"));
  const comment = lines.slice(0, start).map((line) => line.replace(/^\/\/ ?/, ""));
  const code = lines.slice(start).filter((line) => !/\bstandalone\b/.test(line));
  const title = /([^/]+)\.ts$/.exec(source)?.[1] ?? source;
  const run = `\`npx node ${source}\` runs it against a server on this machine, and shows what goes over the wire.`;
  return [`# ${title}`, "", ...comment, "", "```ts", code.join("\n").trim(), "```", "", run, ""].join("\n");
}

/** What stands at a heading of the second level: all that follows, or up to the next one. */
function part(markdown: string, heading: string, all: boolean, file: string): string {
  const lines = markdown.split("\n");
  const start = lines.indexOf(`## ${heading}`);
  if (start === -1) throw new Error(`${file} has no heading "## ${heading}".`);
  const next = lines.findIndex((line, index) => index > start && line.startsWith("## "));
  return lines
    .slice(start, all || next === -1 ? undefined : next)
    .join("\n")
    .trimEnd();
}

/** Puts a drawing in the place of each sequence, also of those that a README draws with arrows. */
function drawn(markdown: string, source: string): string {
  const lines = markdown.split("\n");
  const title = /^# +(.+)$/m.exec(markdown)?.[1] ?? source;
  for (const { language, code, line } of fencesIn(lines).toReversed()) {
    const sequence = language === "sequence" ? read(code, source, line) : undefined;
    const told = sequence ?? (language === "text" ? parseArrows(code, `${title}: the messages`) : undefined);
    if (told) lines.splice(line - 1, code.length + 2, "", drawSequence(told, `sequence-${line}`), "");
  }
  return lines.join("\n");
}

function read(code: readonly string[], source: string, line: number): ReturnType<typeof parseSequence> {
  try {
    return parseSequence(code);
  } catch (cause) {
    throw new Error(`${source}, sequence at line ${line}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
