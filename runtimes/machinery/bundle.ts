// The specification as one file for a runtime, with the packages as that runtime would find them.
import { join } from "node:path";
import { build } from "esbuild";
import { here } from "../setup.ts";

/** @param conditions the runtime's own, by which `exports` and `imports` choose */
export async function bundle(conditions: readonly string[], outfile: string): Promise<void> {
  const isProgram = conditions.includes("node");
  await build({
    entryPoints: [join(here, "specification/run.ts")],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2023",
    // Not "node" for any of them, which would bring the conditions of Node along.
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: [...conditions, "import"],
    external: isProgram ? ["node:*"] : [],
    sourcemap: "inline",
    logLevel: "error",
    tsconfigRaw: {}, // its paths are for the types: here everything is found by `exports`
  });
}
