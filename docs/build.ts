// `npm run docs`: builds the site into docs/.vitepress/dist. Its tools are installed at the first build, apart from those
// of the workspace; the build itself needs no network.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { stage } from "../scripts/site/stage.ts";
import { root } from "../scripts/workspace/packages.ts";
import { run } from "../scripts/workspace/run.ts";
import { setUp } from "./set-up.ts";

const here = join(root, "docs");
const staged = join(here, ".site");

/** Builds the site; returns what is on it, in words. */
export async function build(): Promise<string> {
  await setUp();
  const pages = stage(staged);
  const { writeApi } = await import("./api.ts"); // after its tools are there
  const api = await writeApi(staged);
  rmSync(join(here, ".vitepress", "dist"), { recursive: true, force: true });
  const vitepress = join(here, "node_modules", "vitepress", "bin", "vitepress.js");
  const { code, output } = await run(process.execPath, [vitepress, "build", here], { env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Error(`vitepress could not build the site.\n${output}`);
  return `${pages} pages and ${api} of the API`;
}

if (import.meta.main) console.log(`built ${await build()} into docs/.vitepress/dist`);
