import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import * as nodeEntry from "./node.ts";
import * as portable from "./index.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** A bundle of what is imported by the package's name, and which files went into it. */
async function bundle(names: string, conditions: string[]): Promise<{ code: string; files: string[] }> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export { ${names} } from "@authflow/hash";`, resolveDir: here },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    conditions,
    external: ["node:*"],
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return { code: outputFiles.map(({ text }) => text).join(""), files };
}

test("every entry exports the same names", () => {
  expect(Object.keys(nodeEntry).toSorted()).toEqual(Object.keys(portable).toSorted());
});

describe("the conditions of exports", () => {
  test.each([["node"], ["deno"], ["bun"], ["deno", "node"], ["bun", "node"]])(
    "give node:crypto and nothing else under %s %s",
    async (...conditions) => {
      const { code, files } = await bundle("sha256", conditions.filter(Boolean));
      expect(code).toContain("node:crypto");
      expect(files.filter((path) => path.includes("noble"))).toEqual([]);
    },
  );

  test.each([[], ["browser"], ["workerd"], ["workerd", "node"], ["browser", "node"], ["react-native"]])(
    "give @noble/hashes and no node: under %s %s",
    async (...conditions) => {
      const { code, files } = await bundle("sha256", conditions.filter(Boolean));
      expect(code).not.toContain("node:");
      expect(files.some((path) => path.includes("noble"))).toBe(true);
    },
  );

  test("hold in the runtime itself, and load no @noble/hashes there", () => {
    const script = 'import("@authflow/hash").then(({ sha256 }) => console.log("primitive" in sha256, sha256("abc")))';
    const run = (...flags: string[]): string =>
      execFileSync(process.execPath, [...flags, "--eval", script], { cwd: here, encoding: "utf8" }).trim();
    const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(run()).toBe(`false ${digest}`);
    expect(run("--conditions=workerd")).toBe(`true ${digest}`);
  });
});

describe("a bundle for the browser", () => {
  // The first word of MD5's and SHA-1's initial state, and the first halves of SHA-256's and SHA-512/256's.
  const [md5, sha256, sha512t256] = ["1732584193", "1779033703", "573645204"];

  test("holds only the algorithm that is imported", async () => {
    const { code } = await bundle("sha256", ["browser"]);
    expect(code).toContain(sha256);
    for (const other of [md5, sha512t256, "hmac"]) expect(code).not.toContain(other);
  });

  test("holds all of them for hash()", async () => {
    const { code } = await bundle("hash", ["browser"]);
    for (const one of [md5, sha256, sha512t256]) expect(code).toContain(one);
    expect(code).not.toContain("_HMAC");
  });
});
