import { describe, expect, it } from "vitest";
import { choose } from "./choose.ts";
import { explainedBy, staleExplanations } from "./explain.ts";
import { mutantsOf, mutated } from "./mutants.ts";

/** What each change makes of a line. */
function changesOf(code: string): string[] {
  return mutantsOf("a.ts", code)
    .filter(({ kind }) => kind !== "file")
    .map((mutant) => mutated(code, mutant) ?? "");
}

describe("the mutants of a source", () => {
  it.each([
    ["if (a) b();", ["if (!(a)) b();", "if (a) {}"]],
    ["const a = b ? c : d;", ["const a = !(b) ? c : d;"]],
    ["const a = b < c;", ["const a = b <= c;"]],
    ["const a = (b) === (c);", ["const a = (b) !== (c);"]],
    ["const a = b && c;", ["const a = b || c;"]],
    ["const a = b ?? c;", ["const a = (b);"]],
    ["const a = b - c;", ["const a = b + c;"]],
    ["const a = true;", ["const a = false;"]],
    ["const a = 0xff;", ["const a = 256;"]],
    ['const a = "b";', ['const a = "";']],
    ["function f() { return; }", ["function f() { {} }"]],
    ["throw a;", ["{}"]],
    ["export const a = 1;", ["export const a = 2;"]],
    ["const a = <T,>(b: T): boolean => b === (c as T);", ["const a = <T,>(b: T): boolean => b !== (c as T);"]],
  ])("change one thing each: %s", (code, expected) => {
    expect(changesOf(code)).toEqual(expected);
  });

  it.each([
    'import { a } from "b";',
    'export { a } from "b";',
    'export * from "b";',
    'type A = "b" | 1;',
    'interface A { readonly b: "c" }',
    'let a: "b";',
    'const a = { "b": c };',
    "const a = `b` + c + `d`;",
    "const a = new B(`It is ${c}.`);",
    'const a = "A sentence for people.";',
    "class A extends B { constructor() { super(c); } }",
    "function f() { return a; }",
  ])("leave alone what doesn't run, and prose: %s", (code) => {
    expect(changesOf(code)).toEqual([]);
  });

  it("are the deletion of the file, too", () => {
    const [mutant, ...others] = mutantsOf("a.ts", "export const a = b;");
    expect(others).toEqual([]);
    expect(mutant).toMatchObject({ kind: "file", line: 1 });
    expect(mutant && mutated("export const a = b;", mutant)).toBeUndefined();
  });

  it("know their line", () => {
    expect(mutantsOf("a.ts", "a;\n  b === c;\n")[2]).toMatchObject({ line: 2, text: "b === c;", from: "===" });
  });
});

describe("the choice of mutants", () => {
  const groups = ["x", "y"].map((group) =>
    Array.from({ length: 30 }, (_, index) => mutantsOf(`${group}/${index}.ts`, "if (a === 1) b();")).flat(),
  );

  it("is the same for the same seed, and another for another", () => {
    expect(choose(groups, 20, 7)).toEqual(choose(groups, 20, 7));
    expect(choose(groups, 20, 7)).not.toEqual(choose(groups, 20, 8));
  });

  it("is spread over groups and files, and holds nothing twice", () => {
    const chosen = choose(groups, 41, 7);
    expect(chosen.filter(({ path }) => path.startsWith("x/"))).toHaveLength(21);
    expect(new Set(chosen.slice(0, 21).map(({ path }) => path)).size).toBe(21);
    const all = choose(groups, 10_000, 7);
    expect(new Set(all).size).toBe(groups.flat().length);
    expect(all).toHaveLength(groups.flat().length);
  });
});

describe("the explanation of a survivor", () => {
  const explanation = { path: "a.ts", line: "if (a === 1) b();", from: "===", to: "!==", why: "Because." };

  it("holds for one change to one line", () => {
    const changed = mutantsOf("a.ts", "if (a === 1) b();").find(({ kind }) => kind === "operator");
    expect(changed && explainedBy([explanation], changed)).toBe(explanation);
    expect(changed && explainedBy([{ ...explanation, to: "==" }], changed)).toBeUndefined();
  });

  it("is stale once the line reads otherwise", () => {
    expect(staleExplanations([explanation], () => "  if (a === 1) b();\n")).toEqual([]);
    expect(staleExplanations([explanation], () => "  if (a === 2) b();\n")).toEqual([explanation]);
  });
});
