// `npm run new-scheme -- <name>`: writes packages/<name>, a scheme that is green at once, and the lines elsewhere that it
// needs. Its flow, its options and its error are there to be changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { namesOf, refusalOf } from "./new-scheme/name.ts";
import { apiPage, withBudget, withErrors, withImports, withReference } from "./new-scheme/register.ts";
import { filesFor, wordsOfTemplate } from "./new-scheme/template.ts";
import { packageManager } from "./workspace/package-manager.ts";
import { root } from "./workspace/packages.ts";
import { run } from "./workspace/run.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "no-install": { type: "boolean", default: false } }, // for who links the packages in another way
});
const [name = ""] = positionals;
const refusal =
  positionals.length > 1
    ? `One scheme at a time: ${positionals.join(", ")} are ${positionals.length}.`
    : refusalOf(name, readdirSync(join(root, "packages")), wordsOfTemplate());

if (refusal !== undefined) {
  console.log(refusal);
  process.exitCode = 1;
} else await write(name);

async function write(folder: string): Promise<void> {
  const names = namesOf(folder);
  const dir = join(root, "packages", folder);
  const files = filesFor(names, casesOf(folder));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    console.log(`wrote    packages/${folder}/${path}`);
  }
  change("tsconfig.json", (text) => withReference(text, names));
  change("scripts/budgets.json", (text) => withBudget(text, names));
  change("scripts/imports.json", (text) => withImports(text, names));
  change("docs/errors.md", (text) => withErrors(text, names));
  writeFileSync(join(root, "scripts/api", `${folder}.txt`), apiPage(names));
  console.log(`wrote    scripts/api/${folder}.txt`);
  await expectSuccess(process.execPath, [join(root, "scripts/packages-table.ts")]);
  console.log("changed  README.md");
  await expectSuccess("oxfmt", [
    `packages/${folder}`,
    "tsconfig.json",
    "scripts/budgets.json",
    "scripts/imports.json",
    "docs/errors.md",
  ]);
  const { name: manager, version } = packageManager();
  if (!values["no-install"]) await expectSuccess("npx", ["-y", `${manager}@${version}`, "install"]);

  console.log(`
${names.factory}({ token }) sends a token. Make it yours, from packages/${folder}/src/${folder}.ts on:
  npx vitest --project ${folder}    its tests, again at each change
  npm test                  every check`);
}

/** The ids of the cases that were collected for the scheme before; undefined where none were. */
function casesOf(folder: string): string[] | undefined {
  const path = join(root, "conformance", `${folder}.json`);
  if (!existsSync(path)) return undefined;
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: { id: string }[] }; // as conformance/README.md says
  return cases.map(({ id }) => id);
}

function change(path: string, edit: (text: string) => string): void {
  writeFileSync(join(root, path), edit(readFileSync(join(root, path), "utf8")));
  console.log(`changed  ${path}`);
}

async function expectSuccess(program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${output}`);
}
