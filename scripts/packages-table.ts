// The table of packages in README.md, derived from packages/*. `npm run table` writes it, `--check` says whether it is stale.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "./docs/table.ts";
import { publicPackages, root } from "./workspace/packages.ts";
import { report } from "./workspace/problems.ts";

const BEGIN = "<!-- packages: written by `npm run table` -->";
const END = "<!-- /packages -->";

const packages = publicPackages();
const path = join(root, "README.md");
const page = existsSync(path) ? readFileSync(path, "utf8") : "";
const begin = page.indexOf(BEGIN);
const end = page.indexOf(END);

if (begin === -1 || end < begin) {
  const message = `has no place for the table of packages. Add these two lines:\n\n${BEGIN}\n${END}\n`;
  report([{ at: "README.md", rule: "table", message }], "");
} else {
  const fresh = `${page.slice(0, begin)}${BEGIN}\n\n${table()}\n\n${page.slice(end)}`;
  const stale = fresh !== page;
  if (stale && !process.argv.includes("--check")) writeFileSync(path, fresh);
  const message = "The table of packages is stale; run `npm run table`.";
  const problems = stale && process.argv.includes("--check") ? [{ at: "README.md", rule: "table", message }] : [];
  report(problems, `${packages.length} packages`);
}

function table(): string {
  return markdownTable(
    ["Package", "What it is", "Version"],
    packages.map(({ folder, manifest }) => [
      `[\`${manifest.name}\`](packages/${folder})`,
      (manifest.description ?? "").replaceAll("|", String.raw`\|`),
      manifest.version ?? "",
    ]),
  );
}
