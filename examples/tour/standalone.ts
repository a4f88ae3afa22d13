import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { startSite } from "../site/start-site.ts";
import type { Run } from "./example.ts";
import { observe } from "./observe.ts";
import { linesOf } from "./show.ts";

/** Runs an example and shows its exchanges, if it is the program that was started: `node examples/basic.ts`. */
export async function standalone(url: string, run: Run): Promise<void> {
  const program = process.argv[1];
  if (program === undefined || pathToFileURL(realpathSync(program)).href !== url) return;
  await using site = await startSite();
  for (const line of linesOf(await observe(run, site.origin))) console.log(line);
}
