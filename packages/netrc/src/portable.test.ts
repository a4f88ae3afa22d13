import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { basicOf, scripted } from "./fixtures/scripted.ts";
import type * as Face from "./index.ts";

const bundleOf = async (entry: string, outfile: string): Promise<string[]> => {
  const entryPoint = fileURLToPath(new URL(entry, import.meta.url));
  const { metafile } = await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    metafile: true,
    external: ["node:*"],
  });
  return Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
};

describe("the package where there is no Node", () => {
  let imports: string[];
  let face: typeof Face;
  let bundle: string;
  beforeAll(async () => {
    bundle = join(mkdtempSync(join(tmpdir(), "netrc-")), "bundle.mjs");
    imports = await bundleOf("index.ts", bundle);
    face = (await import(/* @vite-ignore */ pathToFileURL(bundle).href)) as typeof Face;
  });
  afterAll(() => {
    rmSync(dirname(bundle), { recursive: true });
  });

  it("reaches no module of Node and no netrc-parser", () => {
    expect(imports.filter((path) => /^node:|netrc-parser/.test(path))).toEqual([]);
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
  it("reaches nothing but the errors of @authflow/flow", async () => {
    const folder = mkdtempSync(join(tmpdir(), "netrc-"));
    const imports = await bundleOf("text.ts", join(folder, "text.mjs"));
    rmSync(folder, { recursive: true });
    const others = imports.filter((path) => !path.includes("packages/netrc/src/"));
    expect(others.filter((path) => !path.includes("packages/flow/src/"))).toEqual([]);
  });
});
