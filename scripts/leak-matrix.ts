// docs/leak-matrix.md, from every call of the matrix in interop/leaks; takes a minute or two. `npm run leaks` writes the page,
// `--check` says whether it is stale. The tests hold it with a part of the calls.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MATRIX, nameOf } from "../interop/leaks/matrix.ts";
import { pageOf } from "../interop/leaks/page.ts";
import { Places } from "../interop/leaks/places.ts";
import { faultsIn, measureAll } from "../interop/leaks/results.ts";
import { root } from "./workspace/packages.ts";
import { type Problem, report } from "./workspace/problems.ts";

const PAGE = "docs/leak-matrix.md";

await using places = await Places.open();
const results = await measureAll(MATRIX, places);

const problems: Problem[] = faultsIn(results.cells).map(([cell, fault]) => ({
  at: nameOf(cell),
  rule: "leak",
  message: fault,
}));
const fresh = pageOf(results);
const path = join(root, PAGE);
const isStale = !existsSync(path) || readFileSync(path, "utf8") !== fresh;
if (isStale && process.argv.includes("--check")) {
  problems.push({ at: PAGE, rule: "leak", message: "The page is stale; run `npm run leaks`." });
} else if (isStale) writeFileSync(path, fresh);
report(problems, `${results.cells.length} calls`);
