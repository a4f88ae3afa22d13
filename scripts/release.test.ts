import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publicPackages, root } from "./workspace/packages.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const workflow = read(".github/workflows/release.yml");
const { scripts, devEngines } = JSON.parse(read("package.json")) as {
  scripts: Readonly<Record<string, string>>;
  devEngines: { packageManager: { version: string } };
};

test("a release has provenance: the workflow may prove who it is, and may do little else", () => {
  expect(workflow).toContain("id-token: write");
  expect(workflow).toMatch(/^permissions: \{\}$/m);
  expect(workflow).toContain('NPM_CONFIG_PROVENANCE: "true"');
  for (const { manifest } of publicPackages()) expect(manifest.publishConfig?.provenance).toBe(true);
});

test("a release is what was checked, by the package manager that the workspace has", () => {
  expect(workflow.indexOf(".ci/run")).toBeLessThan(workflow.indexOf("npm run release"));
  expect(scripts["release"]).toContain(`pnpm@${devEngines.packageManager.version}`);
  expect(workflow).not.toMatch(/https?:|registry/);
});

test("changesets come in one exact version, and publish everything in public", () => {
  const version = /@changesets\/cli@(\d+\.\d+\.\d+)/.exec(scripts["changeset"] ?? "")?.[1];
  expect(version).toBeDefined();
  expect(scripts["release"]).toContain(`@changesets/cli@${version} changeset publish`);
  const config = JSON.parse(read(".changeset/config.json")) as Readonly<Record<string, unknown>>;
  expect(config).toMatchObject({ access: "public", baseBranch: "main", ignore: [] });
});

test("the changelog names every package, for those who wonder what they get", () => {
  const page = read("CHANGELOG.md");
  const missing = publicPackages().filter(({ manifest }) => !page.includes(`\`${manifest.name}\``));
  expect(missing.map(({ folder }) => folder)).toEqual([]);
});
