// Writes the API's pages from the docstrings, one for each name that can be imported.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { anchorsIn } from "../scripts/docs/links.ts";
import { root } from "../scripts/workspace/packages.ts";
import { apiPages } from "./api-pages.ts";

/** Writes the pages below `dir`; returns how many there are. What typedoc warns of is an error. */
export async function writeApi(dir: string): Promise<number> {
  const pages = apiPages();
  const out = mkdtempSync(join(tmpdir(), "authflow-api-"));
  const options: TypeDocOptions & PluginOptions = {
    entryPoints: pages.map(({ source }) => source),
    tsconfig: join(root, "tsconfig.test.json"),
    skipErrorChecking: true, // the check of the types does that, with the version that the packages are built with
    plugin: [fileURLToPath(import.meta.resolve("typedoc-plugin-markdown"))],
    outputs: [{ name: "markdown", path: out }],
    router: "module",
    readme: "none",
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true, // what errors inherit from Error
    githubPages: false,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    classPropertiesFormat: "table",
    tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true },
    expandObjects: false,
    logLevel: "Warn",
    validation: { notExported: false, invalidLink: true, notDocumented: false },
  };
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (!project) throw new Error("typedoc could not read the packages.");
  for (const module of project.children ?? []) {
    const page = pages.find(({ source }) => source === project.files.getReflectionPath(module));
    if (page) module.name = page.name;
  }
  await app.generateOutputs(project);
  if (app.logger.hasWarnings() || app.logger.hasErrors()) throw new Error("typedoc is not content; see above.");

  const written = new Map(
    pages.map(({ name, path }) => [`/${path}`, tidied(readFileSync(join(out, `${name}.md`), "utf8"), name)]),
  );
  const anchors = new Map(Array.from(written, ([path, markdown]) => [path, anchorsIn(markdown)]));
  mkdirSync(join(dir, "api"), { recursive: true });
  for (const [path, markdown] of written) writeFileSync(join(dir, `${path}.md`), anchored(markdown, path, anchors));
  rmSync(out, { recursive: true });
  return pages.length;
}

/** The page with one heading for all that a function throws, no rules between entries, and links that lead on the site. */
function tidied(markdown: string, name: string): string {
  const up = "../".repeat(name.split("/").length - 2);
  let heading = "";
  return markdown
    .split("\n")
    .filter((line) => {
      const repeated = line.endsWith(" Throws") && line === heading;
      if (/^#+ /.test(line)) heading = line;
      return !repeated && line !== "***";
    })
    .join("\n")
    .replaceAll(`](${up}`, "](")
    .replaceAll(
      /\]\((?:@authflow\/)?([\w/-]+)\.md(#[\w-]+)?\)/g,
      (_, file: string, anchor: string = "") => `](/api/${file.replaceAll("/", "-")}${anchor})`,
    );
}

/** The page with links to anchors that are there: typedoc counts some headings that it doesn't write. */
function anchored(markdown: string, own: string, anchors: ReadonlyMap<string, ReadonlySet<string>>): string {
  return markdown.replaceAll(
    /\]\((\/api\/[\w-]+)?#([\w-]+?)(-\d+)\)/g,
    (link, page: string = "", anchor: string, count: string) =>
      anchors.get(page || own)?.has(anchor + count) ? link : `](${page}#${anchor})`,
  );
}
