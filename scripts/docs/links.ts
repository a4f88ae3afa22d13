// Links between pages: each leads to a file that exists, and to a heading that the page has.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root, shown } from "../workspace/packages.ts";
import type { Problem } from "../workspace/problems.ts";
import { proseOf } from "./fences.ts";

/** Checks the links of a page; returns how many lead to the workspace itself. */
export function checkLinks(page: string, problems: Problem[]): number {
  let count = 0;
  for (const { target, line } of linksIn(readFileSync(join(root, page), "utf8"))) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith("//")) continue;
    count += 1;
    const message = brokenBecause(page, target);
    if (message) problems.push({ at: `${page}:${line}`, rule: "link", message });
  }
  return count;
}

function brokenBecause(page: string, target: string): string | undefined {
  const [path = "", anchor] = decodeURI(target).split("#");
  const file =
    path === ""
      ? join(root, page)
      : resolve(path.startsWith("/") ? join(root, "docs") : dirname(join(root, page)), path.replace(/^\/+/, ""));
  if (relative(root, file).startsWith("..")) return `${target} leads out of the workspace.`;
  if (!existsSync(file)) return `${target} leads to ${shown(file)}, which does not exist.`;
  if (anchor === undefined || anchor === "" || statSync(file).isDirectory() || !file.endsWith(".md")) return undefined;
  if (anchorsIn(readFileSync(file, "utf8")).has(anchor)) return undefined;
  return `${target}: no heading of ${shown(file)} has the anchor "${anchor}".`;
}

/** The targets of a page's links and images, inline, by reference and in HTML. */
export function linksIn(markdown: string): { target: string; line: number }[] {
  return proseOf(markdown.split("\n")).flatMap((text, index) =>
    [
      ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+["'(][^)]*)?\)/g),
      ...text.matchAll(/^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/g),
      ...text.matchAll(/<(?:a|img)\b[^>]*?\b(?:href|src)="([^"]+)"/g),
    ].map(([, target = ""]) => ({ target, line: index + 1 })),
  );
}

/** The anchors of a page: its headings as code hosts spell them, and explicit ids. */
export function anchorsIn(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const lines = markdown.split("\n");
  const prose = proseOf(lines);
  for (const [index, line] of lines.entries()) {
    for (const [, id = ""] of line.matchAll(/\bid="([^"]+)"|\{#([\w-]+)\}/g)) anchors.add(id);
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined || !prose[index]?.startsWith("#")) continue; // a comment in a shell block is no heading
    const slug = slugOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/\s*\{#[\w-]+\}$/, ""));
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The anchor of a heading, as code hosts spell it. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}
