import { describe, expect, it } from "vitest";
import { namesOf } from "./name.ts";
import { withBudget, withErrors, withImports, withReference } from "./register.ts";

const tsconfig = `{
  "references": [
    { "path": "packages/basic" },
    { "path": "packages/netrc" }
  ]
}
`;

describe("what is written elsewhere for a new scheme", () => {
  it.each([
    ["api-key", ["api-key", "basic", "netrc"]],
    ["hawk", ["basic", "hawk", "netrc"]],
    ["ticket", ["basic", "netrc", "ticket"]],
  ])("is a reference in tsconfig.json, in its place: %s", (name, order) => {
    const { references } = JSON.parse(withReference(tsconfig, namesOf(name))) as { references: { path: string }[] };
    expect(references.map(({ path }) => path)).toEqual(order.map((folder) => `packages/${folder}`));
  });

  it("is a budget, in its place", () => {
    const budgets =
      '{\n  "@authflow/hash": 700,\n  "@authflow/hash (node, deno, bun)": 650,\n  "@authflow/ky": null\n}\n';
    const names = (text: string): string[] => Object.keys(JSON.parse(text) as object);
    expect(names(withBudget(budgets, namesOf("hawk")))[2]).toBe("@authflow/hawk");
    expect(names(withBudget(budgets, namesOf("ticket")))[3]).toBe("@authflow/ticket");
    expect(names(withBudget(budgets, namesOf("digest")))[0]).toBe("@authflow/digest");
  });

  it("is what its import costs, in its place, also among those that take several lines", () => {
    const imports = '{\n  "@authflow/a": { "loads": [] },\n  "@authflow/m": {\n    "loads": ["@authflow/b"]\n  }\n}\n';
    const names = (text: string): string[] => Object.keys(JSON.parse(text) as object);
    expect(names(withImports(imports, namesOf("hawk")))).toEqual(["@authflow/a", "@authflow/hawk", "@authflow/m"]);
    expect(names(withImports(imports, namesOf("ticket")))).toEqual(["@authflow/a", "@authflow/m", "@authflow/ticket"]);
  });

  it("is a section of docs/errors.md, among the schemes and before what is no scheme", () => {
    const page = "# Errors\n\n## Of the runner\n\nText.\n\n## Of digest\n\nText.\n\n## Of ky\n\nText.\n";
    const headings = (text: string): string[] => text.match(/(?<=^## Of ).*/gm) ?? [];
    expect(headings(withErrors(page, namesOf("api-key")))).toEqual(["the runner", "api-key", "digest", "ky"]);
    expect(headings(withErrors(page, namesOf("ticket")))).toEqual(["the runner", "digest", "ticket", "ky"]);
    expect(withErrors(page, namesOf("client-cert"))).toContain("| `ERR_AUTHFLOW_INVALID_CLIENT_CERT` |");
    expect(withErrors(page, namesOf("ticket")).replace(/## Of ticket[^]*?(?=## Of ky)/, "")).toBe(page);
  });
});
