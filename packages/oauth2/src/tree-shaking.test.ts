import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** What a user's bundler makes of an import: our own code, without that of other packages. */
async function bundleOf(names: string): Promise<{ readonly files: ReadonlySet<string>; readonly bytes: number }> {
  const { metafile, outputFiles } = await build({
    stdin: {
      contents: `export { ${names} } from "./index.ts";`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    packages: "external",
    metafile: true,
    legalComments: "none",
  });
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {});
  return {
    files: new Set(inputs.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []))),
    bytes: outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0),
  };
}

describe("a bundle", () => {
  it("of client credentials and refresh has nothing of other grants, stores and revocation, and this size", async () => {
    const { files, bytes } = await bundleOf("clientCredentials, refreshToken");
    expect([...files].filter((file) => /^(authorization-code|device|loopback|file)\//.test(file))).toEqual([]);
    for (const other of [
      "asking.ts",
      "jwt-authentication.ts",
      "jwt-bearer.ts",
      "token-exchange.ts",
      "token-source.ts",
      "stored-place.ts",
      "stored-tokens.ts",
      "token-store.ts",
      "memory-store.ts",
      "revoke.ts",
    ]) {
      expect(files).not.toContain(other);
    }
    expect(bytes).toBeLessThanOrEqual(6350);
  });

  it("of client credentials has nothing of the refresh grant, and the other way round", async () => {
    const { files } = await bundleOf("clientCredentials");
    for (const other of ["refresh.ts", "spending.ts"]) expect(files).not.toContain(other);
    expect((await bundleOf("refreshToken")).files).not.toContain("client-credentials.ts");
  });

  it("of nothing is nothing: no module does anything by being imported", async () => {
    expect((await bundleOf("OAuth2Error")).files).toEqual(new Set(["oauth2-error.ts"]));
  });
});
