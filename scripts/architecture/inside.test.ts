import { join } from "node:path";
import { expect, test } from "vitest";
import { parseModule, type Module } from "../workspace/modules.ts";
import { root, type Package } from "../workspace/packages.ts";
import { cycleProblems, roomProblems, sendingProblems, unreachedProblems } from "./inside.ts";

const flow: Package = { folder: "flow", dir: join(root, "packages/flow"), manifest: { name: "@authflow/flow" } };
const basic: Package = { folder: "basic", dir: join(root, "packages/basic"), manifest: { name: "@authflow/basic" } };

const file = (pkg: Package, path: string, code: string): Module => parseModule(join(pkg.dir, "src", path), code);
const rooms = (path: string, code: string): string[] =>
  roomProblems(flow, [file(flow, path, code)]).map(({ message }) => message);

test("lets a room import its own floor and those below", () => {
  expect(
    rooms("run/drive.ts", 'import "../errors/auth-error.ts"; import "./call.ts"; import "../history.ts";'),
  ).toEqual([]);
  expect(rooms("redirect.ts", 'import "./history.ts";')).toEqual([]);
});

test("lets no room import one above, not even its types", () => {
  expect(rooms("errors/auth-error.ts", 'import "../run/drive.ts";')).toEqual([
    expect.stringContaining('"errors" is below "run"'),
  ]);
  expect(rooms("run.ts", 'import type { Scheme } from "./scheme.ts";')).toEqual([
    expect.stringContaining('"run" is below "scheme"'),
  ]);
  expect(rooms("types.ts", 'export { x } from "./origin.ts";')).toEqual([
    expect.stringContaining('"types" is below "origin"'),
  ]);
});

test("asks for a room for every file", () => {
  expect(rooms("zebra.ts", "")).toEqual([expect.stringContaining('No room is called "zebra"')]);
});

const sends = (pkg: Package, path: string, code: string): boolean =>
  sendingProblems(pkg, file(pkg, path, code)).length > 0;

test("lets only the room run of flow call next()", () => {
  expect(sends(flow, "run/drive.ts", "next(request);")).toBe(false);
  expect(sends(flow, "scheme.ts", "next(request);")).toBe(true);
  expect(sends(basic, "run/x.ts", "const f = (next) => (input) => next(input);")).toBe(true);
});

test("takes neither an iterator's next nor a scanner's own for sending", () => {
  expect(sends(basic, "x.ts", "iterator.next();")).toBe(false);
  expect(sends(basic, "x.ts", "function next() {} next();")).toBe(false);
  expect(sends(basic, "x.ts", 'const text = "next()"; // next()')).toBe(false);
});

test("finds a cycle, also of types alone", () => {
  const sources = [file(basic, "a.ts", 'import "./b.ts";'), file(basic, "b.ts", 'import type { A } from "./a.ts";')];
  expect(cycleProblems(sources)).toEqual([
    expect.objectContaining({ at: "packages/basic/src/a.ts", rule: "no cycles" }),
  ]);
});

test("finds a source that no entry reaches", () => {
  const manifest = {
    name: "@authflow/basic",
    exports: { ".": "./src/index.ts" },
    imports: { "#x": { node: "./src/x.node.ts", default: "./src/x.ts" } },
  };
  const pkg = { ...basic, manifest };
  const sources = [
    file(pkg, "index.ts", 'export { a } from "./a.ts";'),
    file(pkg, "a.ts", 'import type { B } from "./b.ts"; import { x } from "#x";'),
    file(pkg, "b.ts", ""),
    file(pkg, "x.node.ts", ""),
    file(pkg, "x.ts", ""),
    file(pkg, "left-over.ts", 'import "./a.ts";'),
  ];
  expect(unreachedProblems(pkg, sources)).toEqual([
    expect.objectContaining({ at: "packages/basic/src/left-over.ts:1", rule: "reached" }),
  ]);
});
