// What users see of each entry is what api/ says: a change to it is made on purpose, and shows in the review.
// `npm run api` writes, after the declarations were built.
import { existsSync, readFileSync, rmSync, writeFileSync, readdirSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { declarationsOf } from "./workspace/declarations.ts";
import { resolveTarget } from "./workspace/entries.ts";
import { publicPackages, root, shown, type Package } from "./workspace/packages.ts";
import { report, type Problem } from "./workspace/problems.ts";

const API = join(root, "scripts/api");

const packages = publicPackages();
const pages = new Map(packages.map((pkg) => [join(API, `${pkg.folder}.txt`), pageOf(pkg)]));
mkdirSync(API, { recursive: true });
const kept = readdirSync(API).map((file) => join(API, file));
const problems: Problem[] = [];
if (process.argv.includes("--write")) write();
else compare();
report(problems, `${pages.size} packages, as in ${shown(API)}`);

function write(): void {
  for (const path of kept) if (!pages.has(path)) rmSync(path);
  for (const [path, page] of pages) writeFileSync(path, page);
}

function compare(): void {
  for (const [path, page] of pages) {
    const before = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (before === page) continue;
    const [old, now] = [before.split("\n"), page.split("\n")];
    const changes = [
      ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
      ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
    ];
    const message = `What users see has changed. If that is meant: \`npm run api\`, and a changeset.\n${changes.join("\n")}`;
    problems.push({ at: shown(path), rule: "api", message });
  }
  for (const path of kept) {
    if (!pages.has(path))
      problems.push({ at: shown(path), rule: "api", message: "is of no package; `npm run api` takes it out." });
  }
}

function pageOf({ dir, manifest }: Package): string {
  const targets = Object.entries(manifest.publishConfig?.exports ?? {});
  const inside = (specifier: string): string => {
    const found = resolveTarget(manifest.publishConfig?.imports?.[specifier] ?? null, ["types", "node", "import"]);
    return typeof found === "string" ? join(dir, found) : specifier;
  };
  const sections = targets.flatMap(([key, target]) => {
    const files = ["node", "browser"].map((platform) => resolveTarget(target, ["types", platform, "import"]));
    const declarations = [...new Set(files.filter((file) => typeof file === "string"))];
    return declarations.map((file) => {
      const path = join(dir, file);
      if (!existsSync(path)) throw new Error(`${shown(path)} is not there; \`npm test -- types\` makes it.`);
      const name = `${manifest.name}${key.slice(1)}`;
      return `# ${declarations.length > 1 ? `${name} (${file})` : name}\n\n${declarationsOf(path, inside)}`;
    });
  });
  return sections.join("\n");
}
