// One file for a runtime, with the packages as that runtime would find them.
import { build } from "esbuild";

/** @param conditions the runtime's own, by which `exports` and `imports` choose */
export async function bundle(entry: string, outfile: string, conditions: readonly string[]): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2023",
    // Not "node" for any of them, which would bring the conditions of Node along.
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: [...conditions, "import"],
    external: conditions.includes("node") ? ["node:*"] : [],
    sourcemap: "inline",
    logLevel: "error",
    tsconfigRaw: {}, // the paths there are for the types: here everything is found by `exports`
  });
}
