// What the pages of the documentation list is all there is: codes, cases, files.
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(root + path, "utf8");
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();
const packages = readdirSync(`${root}packages`).filter((name) => existsSync(`${root}packages/${name}/src/index.ts`));
const withReadme = packages.filter((name) => existsSync(`${root}packages/${name}/README.md`)); // check-faces demands one

/** The codes that the sources of a package write, in code and not in comments. */
function codesOf(folder: string): string[] {
  const files = globSync(`packages/${folder}/src/**/*.ts`, { cwd: root });
  const sources = files.filter((path) => !/\.test(-d)?\.ts$|\/fixtures\//.test(path.replaceAll("\\", "/")));
  const text = sources.map((path) => read(path).replaceAll(/\/\*.*?\*\//gs, "")).join("\n");
  return sorted(Array.from(text.matchAll(/["'`](ERR_AUTHFLOW_\w+)["'`]/g), ([, code = ""]) => code));
}

/** The codes that stand in the first column of the tables of a page. */
function codesIn(page: string): string[] {
  return Array.from(page.matchAll(/^\| (`ERR_AUTHFLOW_[^|]+)\|/gm), ([, cell = ""]) => cell).flatMap((cell) =>
    Array.from(cell.matchAll(/ERR_AUTHFLOW_\w+/g), ([code]) => code),
  );
}

describe("docs/errors.md", () => {
  const listed = codesIn(read("docs/errors.md"));

  it("lists every code that a package raises, and no other", () => {
    expect(listed.toSorted()).toEqual(sorted(packages.flatMap(codesOf)));
  });

  it.each(withReadme)("is not alone: the README of %s lists its own codes", (folder) => {
    const own = codesIn(read(`packages/${folder}/README.md`));
    expect(codesOf(folder).filter((code) => !own.includes(code))).toEqual([]);
  });

  it("gives each a cause and a remedy, as the README of flow does", () => {
    for (const page of ["docs/errors.md", "packages/flow/README.md"]) {
      const rows = read(page).match(/^\| `ERR_AUTHFLOW_.*$/gm) ?? [];
      const short = rows.filter((row) => row.split("|").filter((cell) => cell.trim() !== "").length < 3);
      expect([page, short]).toEqual([page, []]);
    }
  });
});

describe("SECURITY.md", () => {
  const { items } = JSON.parse(read("conformance/security.json")) as { items: { id: string }[] };
  const rows = new Map(
    Array.from(read("SECURITY.md").matchAll(/^\| `(.+?)` +\|.*\| (.+?) *\|$/gm), ([, id, here]) => [id, here]),
  );

  it("has a row for each case of conformance/security.json, and no other", () => {
    expect([...rows.keys()]).toEqual(items.map(({ id }) => id));
  });

  it.each(items)("leads from $id to a test that names it, or says why there is none", ({ id }) => {
    const here = rows.get(id) ?? "";
    const tests = Array.from(here.matchAll(/\]\((packages\/[^)]+\.test\.ts)\)/g), ([, path = ""]) => read(path));
    if (tests.length === 0) expect(here.split(" ").length).toBeGreaterThan(8);
    if (here.includes("security.test.ts")) expect(tests.join("\n")).toContain(`"${id}"`);
  });
});

describe("ARCHITECTURE.md", () => {
  const page = read("ARCHITECTURE.md");

  it.each(["run", "body"])("names every file of flow's room %s", (room) => {
    const files = readdirSync(`${root}packages/flow/src/${room}`).filter((name) => !/\.test(-d)?\.ts$/.test(name));
    expect(files.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("names every room of flow, and no file that isn't there", () => {
    const rooms = readdirSync(`${root}packages/flow/src`).filter(
      (name) => !/\.test(-d)?\.ts$|fixtures|^(errors|waiting)\.ts$/.test(name),
    );
    expect(rooms.filter((name) => !page.includes(`\`${name}${name.endsWith(".ts") ? "" : "/"}\``))).toEqual([]);
    const named = Array.from(page.matchAll(/`([\w-]+\.ts)`/g), ([, name = ""]) => name);
    const existing = new Set(globSync("packages/flow/src/**/*.ts", { cwd: root }).map((path) => basename(path)));
    expect(named.filter((name) => !existing.has(name))).toEqual([]);
  });
});
