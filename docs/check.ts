// `npm run docs:check`: builds the site and looks at it. Without a Chromium it can only be built, and that counts as
// skipped; where CI is set it is a failure.
import { findChromium } from "../scripts/workspace/chromium.ts";
import { report, SKIPPED } from "../scripts/workspace/problems.ts";
import { run } from "../scripts/workspace/run.ts";
import { build } from "./build.ts";
import { look } from "./look.ts";

const what = await build();
const { code, output } = await run("docs/node_modules/.bin/tsc", ["-p", "docs", "--pretty", "false"]);
if (code !== 0) {
  console.log(`${output}\nThe site's own programs have wrong types.`);
  process.exit(1);
}
const program = findChromium();
if (program === undefined) {
  console.log(`built ${what}; there is no Chromium to look at it with (apt-get install chromium, or CHROMIUM)`);
  process.exit(process.env["CI"] ? 1 : SKIPPED);
}
const { pages, links, problems } = await look(program);
report(problems, `${what}; ${pages} pages and ${links} links looked at, at 390 px`);
