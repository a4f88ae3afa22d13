// Links of a page that is read on a code host, made to lead to the same place on the site.
import { posix } from "node:path";
import { fencedLines } from "../docs/fences.ts";

/** Where a file or a folder of the workspace is on the site, such as "/schemes/basic"; undefined if it isn't there. */
export type Locate = (path: string) => string | undefined;

/** Rewrites the relative links of a Markdown text. One whose target isn't on the site becomes the text that it has. */
export function relink(markdown: string, source: string, locate: Locate): string {
  const lines = markdown.split("\n");
  const code = fencedLines(lines);
  const texts: string[] = [];
  // The text of a link may go on in the next line, so what stands between two blocks of code is one piece.
  for (const [index, line] of lines.entries()) {
    const goesOn = index > 0 && code.has(index) === code.has(index - 1);
    texts.push(goesOn ? `${texts.pop() ?? ""}\n${line}` : line);
  }
  const first = code.has(0) ? 1 : 0; // code and prose alternate
  return texts.map((text, at) => (at % 2 === first ? relinkText(text, source, locate) : text)).join("\n");
}

// A code span first, so that no link within one is taken for a link; a link's own text may be one.
const SPAN_OR_LINK = /(`+)(?!`).*?(?<!`)\1(?!`)|\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]*)\)/g;

function relinkText(prose: string, source: string, locate: Locate): string {
  const inline = prose.replaceAll(
    SPAN_OR_LINK,
    (all: string, mark?: string, text: string = "", target: string = "") => {
      if (mark !== undefined) return all;
      const led = lead(target, source, locate);
      return led === undefined ? text : `[${text}](${led})`;
    },
  );
  return inline.replaceAll(/^(\s{0,3}\[[^\]]+\]:\s*)(\S+)$/gm, (all: string, start: string, target: string) => {
    const led = lead(target, source, locate);
    return led === undefined ? all : start + led;
  });
}

function lead(target: string, source: string, locate: Locate): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#|\/)/i.test(target) || target === "") return target;
  const [path = "", anchor] = target.split("#");
  const place = locate(posix.normalize(posix.join(posix.dirname(source), decodeURI(path))).replace(/\/$/, ""));
  return place === undefined ? undefined : place + (anchor === undefined ? "" : `#${anchor}`);
}
