import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type BuildOptions } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { basicOf, scripted } from "./fixtures/scripted.ts";
import type * as Face from "./index.ts";

/** Bundles an entry with all that it imports; gives what is left to import. */
async function bundle(entry: string, outfile: string, options: BuildOptions): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    external: ["node:*"],
    logLevel: "silent",
    ...options,
    metafile: true,
  });
  return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "netrc-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("the package where there is no Node", () => {
  let imports: string[];
  let face: typeof Face;
  beforeAll(async () => {
    const outfile = join(folder, "browser.mjs");
    imports = await bundle("index.ts", outfile, { platform: "browser" });
    face = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as typeof Face;
  });

  it("reaches no module of Node and no netrc-parser", () => {
    expect(imports).toEqual([]);
    expect(readFileSync(join(folder, "browser.mjs"), "utf8")).not.toContain("netrc-parser");
  });

  it("reads a text", async () => {
    const { fetch, sent } = scripted();
    await face.netrc({ text: "machine a.test login ada password pw1" })(fetch)("https://a.test/");
    expect(sent).toEqual([["https://a.test/", basicOf("ada", "pw1")]]);
  });

  it("says that there are no files, and what to do", async () => {
    const noFiles = expect.objectContaining({ code: "ERR_AUTHFLOW_NETRC_NO_FILES" }) as Error;
    expect(() => face.netrc()).toThrow(noFiles);
    expect(() => face.netrc({ file: ".netrc" })).toThrow(noFiles);
    await expect(face.setCredentials(".netrc", "a", { login: "", password: "" })).rejects.toThrow(noFiles);
    await expect(face.removeCredentials(".netrc", "a")).rejects.toThrow(noFiles);
  });
});

describe("@authflow/netrc/text", () => {
  it("imports nothing but @authflow/flow, for its errors", async () => {
    const alias = { "#netrc-error": fileURLToPath(new URL("netrc-error.ts", import.meta.url)) };
    const imports = await bundle("text.ts", join(folder, "text.mjs"), { packages: "external", alias });
    expect(new Set(imports)).toEqual(new Set(["@authflow/flow"]));
  });
});

describe("the package in a bundle for Node, which leaves netrc-parser out", () => {
  it("says what is missing once a file was found, and not before", async () => {
    const outfile = join(folder, "node.mjs");
    await bundle("index.ts", outfile, { platform: "node" });
    const program = `
      import { writeFileSync } from "node:fs";
      import { netrc } from ${JSON.stringify(pathToFileURL(outfile).href)};
      netrc();
      writeFileSync(process.env.HOME + "/.netrc", "machine a.test login ada password pw1", { mode: 0o600 });
      try {
        netrc();
      } catch (error) {
        console.log(error.code, error.cause.code);
      }`;
    // A process of its own, since package managers tell this one where all their packages are.
    const out = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { env: { HOME: folder } });
    expect(String(out)).toBe("ERR_AUTHFLOW_NETRC_PARSER MODULE_NOT_FOUND\n");
  });
});
