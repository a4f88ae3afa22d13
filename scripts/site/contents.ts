// What stands on the site, and in which order. Pages are found, not registered: a scheme is on it once its page is in
// docs/schemes, a package once it has a README, a recipe once its program is in examples/recipes.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { publicPackages, root } from "../workspace/packages.ts";

export interface Page {
  /** Where it is on the site: "schemes/basic". */
  readonly path: string;
  /** The file that it is made from, from the root of the workspace. */
  readonly source: string;
  /** As the sidebar has it. */
  readonly title: string;
  /** Other files whose readers it is for: links to them lead here. */
  readonly also?: readonly string[];
  /** Whether its tables need the whole width, which a list of its headings would take. */
  readonly wide?: true;
}

export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
  /** Whether the sidebar shows its pages only once a reader is among them. */
  readonly closed?: true;
}

/** The schemes that most come for, in the order in which they build on each other; others follow by name. */
const SCHEMES = ["basic", "digest", "netrc", "bearer", "api-key", "oauth2"];
const FROM = ["httpx", "requests", "curl", "ky-hooks", "axios", "digest-fetch", "aws4fetch"];

/** Pages of docs/ that have a place of their own. */
const ELSEWHERE = new Set(["index.md", "errors.md", "runtimes.md", "leak-matrix.md"]);

/** Every page of the site but those that a tool writes: the API, and the files that pages lead to. */
export function sections(workspace: string = root): Section[] {
  const folder = (name: string): string[] => {
    const dir = join(workspace, name);
    return existsSync(dir) ? readdirSync(dir).toSorted() : [];
  };
  const page = (path: string, source: string, title?: string, also: readonly string[] = []): Page[] => {
    const file = join(workspace, source);
    if (!existsSync(file)) return [];
    return [{ path, source, title: title ?? titleOf(readFileSync(file, "utf8"), source), also }];
  };
  const listed = (name: string, order: readonly string[]): string[] =>
    inOrder(
      folder(name)
        .filter((file) => file.endsWith(".md"))
        .map((file) => basename(file, ".md")),
      order,
    );

  const schemes = listed("docs/schemes", SCHEMES);
  const packages = publicPackages(workspace).map((pkg) => pkg.folder);
  const all: readonly Section[] = [
    {
      title: "Learn",
      pages: folder("docs/learn").flatMap((file) =>
        page(`learn/${file.replace(/^\d+-|\.md$/g, "")}`, `docs/learn/${file}`),
      ),
    },
    {
      title: "Schemes",
      pages: schemes.flatMap((name) =>
        page(`schemes/${name}`, `docs/schemes/${name}.md`, undefined, [`packages/${name}/README.md`]),
      ),
    },
    {
      title: "Coming from",
      pages: listed("docs/from", FROM)
        .flatMap((name) => page(`from/${name}`, `docs/from/${name}.md`))
        .map((found) => ({ ...found, title: found.title.replace(/^From /, "") })),
    },
    {
      title: "Recipes",
      pages: [
        ...page("recipes/overview", "examples/recipes/README.md", "Overview"),
        ...folder("examples/recipes")
          .filter((file) => file.endsWith(".ts") && isProgram(join(workspace, "examples/recipes", file)))
          .flatMap((file) => {
            const name = basename(file, ".ts");
            return page(`recipes/${name}`, `examples/recipes/${file}`, name);
          }),
      ],
    },
    {
      title: "Reference",
      pages: [
        ...packages
          .filter((name) => !schemes.includes(name))
          .flatMap((name) => page(`packages/${name}`, `packages/${name}/README.md`, name)),
        ...wide(page("errors", "docs/errors.md")),
        ...wide(page("runtimes", "docs/runtimes.md")),
      ],
    },
    {
      title: "Security",
      pages: [
        ...wide(page("security", "SECURITY.md", "What is promised")),
        ...wide(page("leak-matrix", "docs/leak-matrix.md", "Leak matrix")),
      ],
    },
    {
      title: "Project",
      closed: true,
      pages: [
        ...page("project/architecture", "ARCHITECTURE.md"),
        ...page("project/contributing", "CONTRIBUTING.md"),
        ...page("project/checks", "scripts/README.md"),
        ...page("project/examples", "examples/README.md", "Examples"),
        ...page("project/conformance", "conformance/README.md", "Conformance cases"),
        ...page("project/bench", "bench/README.md", "Measurements"),
        ...page("project/interop", "interop/README.md"),
        ...page("project/runtimes", "runtimes/README.md", "How runtimes are tested"),
        ...folder("docs")
          .filter((file) => file.endsWith(".md") && !ELSEWHERE.has(file))
          .flatMap((file) => page(`project/${basename(file, ".md")}`, `docs/${file}`)),
        ...page("project/decisions", "decisions/README.md", "Decisions"),
      ],
    },
  ];
  return all.filter(({ pages }) => pages.length > 0);
}

/** The records of decisions: pages that the sidebar doesn't list. */
export function decisions(workspace: string = root): Page[] {
  return readdirSync(join(workspace, "decisions"))
    .filter((file) => /^\d+.*\.md$/.test(file))
    .toSorted()
    .map((file) => {
      const source = `decisions/${file}`;
      return {
        path: `project/decisions/${basename(file, ".md")}`,
        source,
        title: titleOf(readFileSync(join(workspace, source), "utf8"), source),
      };
    });
}

/** The names in a given order; those that it doesn't have follow as they are. */
export function inOrder(names: readonly string[], order: readonly string[]): string[] {
  return [...order.filter((name) => names.includes(name)), ...names.filter((name) => !order.includes(name))];
}

/** The heading of a page. */
export function titleOf(markdown: string, source: string): string {
  const heading = /^# +(.+)$/m.exec(markdown)?.[1];
  if (heading === undefined) throw new Error(`${source} has no heading, and so no title on the site.`);
  return heading.replaceAll("`", "");
}

function wide(pages: readonly Page[]): Page[] {
  return pages.map((page) => ({ ...page, wide: true }));
}

/** Whether a file runs as it stands; what such files share is no recipe. */
function isProgram(path: string): boolean {
  return readFileSync(path, "utf8").includes("\nawait standalone(");
}
