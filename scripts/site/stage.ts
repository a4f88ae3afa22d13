// Lays the pages of the site into a folder, from which it is built.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { root } from "../workspace/packages.ts";
import { decisions, sections, type Page } from "./contents.ts";
import { filePage, pageOf } from "./page.ts";

/** Files that a page may lead to and that are shown as they are. */
const SHOWN = new Set([".ts", ".mjs", ".json", ".sh"]);
const WHOLE_WIDTH = "---\naside: false\n---\n\n";
const LARGEST = 100_000; // bytes of a file that is shown

/** Writes every page below `dir`, which is made anew; returns how many there are. */
export function stage(dir: string, workspace: string = root): number {
  rmSync(dir, { recursive: true, force: true });
  const pages: Page[] = [
    { path: "index", source: "docs/index.md", title: "authflow", also: ["README.md", "docs"] },
    ...sections(workspace).flatMap((section) => section.pages),
    ...decisions(workspace),
  ];
  const places = new Map(pages.flatMap(({ path, source, also = [] }) => [source, ...also].map((file) => [file, path])));
  const files = new Set<string>();
  const read = (source: string): string => readFileSync(join(workspace, source), "utf8");
  const locate = (path: string): string | undefined => {
    const page = places.get(path) ?? places.get(`${path}/README.md`);
    if (page !== undefined) return page === "index" ? "/" : `/${page}`;
    if (!isShown(join(workspace, path))) return undefined;
    files.add(path);
    return `/source/${path}.html`; // named whole, since the path has an ending of its own
  };

  for (const { path, source, wide } of pages) {
    write(join(dir, `${path}.md`), (wide ? WHOLE_WIDTH : "") + pageOf(source, { read, locate }));
  }
  for (const source of files) write(join(dir, "source", `${source}.md`), filePage(source, read(source)));
  const assets = join(workspace, "docs", "public");
  if (existsSync(assets)) cpSync(assets, join(dir, "public"), { recursive: true });
  return pages.length + files.size;
}

function isShown(path: string): boolean {
  return SHOWN.has(extname(path)) && existsSync(path) && statSync(path).size <= LARGEST;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
