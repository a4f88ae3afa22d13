import { expect, test } from "vitest";
import { publicPackages } from "./packages.ts";
import { bundleUse } from "./shaking.ts";

const folders = new Map(publicPackages().map(({ manifest, dir }) => [manifest.name, dir]));
const packagesOf = async (entry: string, ...names: readonly string[]): Promise<string[]> =>
  (await bundleUse(entry, names, folders)).packages.map((name) => name.replace("@authflow/", ""));

test("a bundle that uses basic holds no digest, and nothing of core", async () => {
  expect(await packagesOf("@authflow/basic", "basic")).toEqual(["basic", "challenge", "flow"]);
  expect(await packagesOf("@authflow/core", "createAuthFetch")).toEqual(["basic", "challenge", "core", "flow"]);
});

test("a bundle that uses one name holds what that needs, and not the rest of its package", async () => {
  expect(await packagesOf("@authflow/core", "compose")).toEqual(["core", "flow"]);
  const [all, one] = [
    await bundleUse("@authflow/flow", ["runFlow"], folders),
    await bundleUse("@authflow/flow", ["isAuthError"], folders),
  ];
  expect(one.bytes * 20).toBeLessThan(all.bytes);
});

test("a bundle that uses nothing holds nothing", async () => {
  expect(await bundleUse("@authflow/digest", [], folders)).toEqual({ packages: [], bytes: 0 });
});

test("packages from elsewhere are named as they are installed", async () => {
  expect(await packagesOf("@authflow/hash", "md5")).toEqual(["hash", "@noble/hashes"]);
});
