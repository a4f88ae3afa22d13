// What a recipe is, and how it is run.
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { startSite } from "./site/start-site.ts";

/** What a recipe exports: it is given the origin of the site, uses it as a program would use yours, and says what it got. */
export type Recipe = (origin: string) => Promise<string | readonly string[]>;

/** Runs a recipe against a site of its own, and tells what went over the wire and what came of it. */
export async function tell(recipe: Recipe, print: (line: string) => void): Promise<void> {
  await using site = await startSite();
  const got = [await recipe(site.origin)].flat();
  for (const line of site.wire) print(line);
  for (const line of got) print(`→ ${line}`);
}

/** Tells of a recipe if it is the program that was started: `node examples/recipes/ofetch.ts`. */
export async function standalone(url: string, recipe: Recipe): Promise<void> {
  const program = process.argv[1];
  if (program === undefined || pathToFileURL(realpathSync(program)).href !== url) return;
  await tell(recipe, (line) => {
    console.log(line);
  });
}
