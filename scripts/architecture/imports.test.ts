import { join } from "node:path";
import { expect, test } from "vitest";
import { parseModule } from "../workspace/modules.ts";
import { root, type Manifest, type Package } from "../workspace/packages.ts";
import { importProblems, type House } from "./imports.ts";

const dependencies = { "@authflow/flow": "workspace:^" };
const packages = {
  flow: packageOf("flow", {}),
  challenge: packageOf("challenge", { dependencies: { ...dependencies, "left-pad": "1.3.0" } }),
  basic: packageOf("basic", { dependencies, devDependencies: { "@authflow/testing": "workspace:^" } }),
  digest: packageOf("digest", { dependencies: { ...dependencies, "@authflow/basic": "workspace:^" } }),
  netrc: packageOf("netrc", { dependencies: { "@authflow/basic": "workspace:^" } }),
  testing: packageOf("testing", {}),
};
const house: House = {
  packages: new Map(Object.values(packages).map((pkg) => [pkg.manifest.name, pkg])),
  forTests: ["vitest"],
};

function packageOf(folder: string, rest: Partial<Manifest>): Package {
  const manifest = { name: `@authflow/${folder}`, exports: { ".": "./src/index.ts" }, ...rest };
  return { folder, dir: join(root, "packages", folder), manifest };
}

/** The rules that a file of a package breaks when it imports something. */
function rules(pkg: Package, specifier: string, file: string = "x.ts"): string[] {
  const module = parseModule(join(pkg.dir, "src", file), `\nimport { x } from ${JSON.stringify(specifier)};`);
  return importProblems(pkg, module, house).map(({ at, rule }) => {
    expect(at).toBe(`packages/${pkg.folder}/src/${file}:2`);
    return rule;
  });
}

test("lets a scheme import the foundation, and no other scheme", () => {
  expect(rules(packages.basic, "@authflow/flow")).toEqual([]);
  expect(rules(packages.digest, "@authflow/basic")).toEqual(["direction"]);
});

test("lets netrc import basic, the one exception", () => {
  expect(rules(packages.netrc, "@authflow/basic")).toEqual([]);
});

test("lets the foundation import nothing of the workspace and nothing from elsewhere", () => {
  expect(rules(packages.challenge, "@authflow/flow")).toEqual(["direction"]);
  expect(rules(packages.challenge, "left-pad")).toEqual(["direction"]);
});

test("asks for a declaration: dependencies for sources, devDependencies or the root's for tests", () => {
  expect(rules(packages.netrc, "@authflow/flow")).toEqual(["declared"]);
  expect(rules(packages.basic, "@authflow/testing")).toEqual(["declared", "direction"]);
  expect(rules(packages.basic, "@authflow/testing", "x.test.ts")).toEqual([]);
  expect(rules(packages.basic, "vitest", "x.test.ts")).toEqual([]);
  expect(rules(packages.basic, "vitest")).toEqual(["declared"]);
  expect(rules(packages.basic, "#digest")).toEqual(["declared"]);
});

test("keeps relative imports inside the package, with their extension, and away from tests", () => {
  expect(rules(packages.basic, "./y.ts")).toEqual([]);
  expect(rules(packages.basic, "./y.js")).toEqual(["extension"]);
  expect(rules(packages.basic, "../../flow/src/run.ts")).toEqual(["own package"]);
  expect(rules(packages.basic, "../README.json")).toEqual(["own package"]);
  expect(rules(packages.basic, "./y.test.ts")).toEqual(["tests"]);
});

test("lets tests, and only tests, read the conformance vectors", () => {
  expect(rules(packages.basic, "../../../conformance/basic.json", "x.test.ts")).toEqual([]);
  expect(rules(packages.basic, "../../../conformance/basic.json")).toEqual(["own package"]);
});

test("takes a sibling only by what it exports, and itself only by path", () => {
  expect(rules(packages.basic, "@authflow/flow/src/run.ts")).toEqual(["public face"]);
  expect(rules(packages.basic, "@authflow/basic")).toEqual(["own package"]);
  expect(rules(packages.basic, "@authflow/basic", "x.test.ts")).toEqual([]);
});

test("asks for node: before the names of Node's modules", () => {
  expect(rules(packages.basic, "fs")).toEqual(["builtin"]);
  expect(rules(packages.basic, "node:fs")).toEqual([]);
});
