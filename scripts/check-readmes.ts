// The documentation tells the truth: every block is type-checked and run (offline), prints what it says it prints, imports
// only what the page says to install, and every link leads somewhere.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { blocksOfDocstrings, blocksOfPage, type Block } from "./docs/blocks.ts";
import { expectedLines, isAsStated, printedLines } from "./docs/expectations.ts";
import { installedBy } from "./docs/install-commands.ts";
import { checkLinks } from "./docs/links.ts";
import { layPlayground, namedByPage } from "./docs/playground.ts";
import { packageName, parseModule } from "./workspace/modules.ts";
import { filesBelow, root, shown } from "./workspace/packages.ts";
import { report, type Problem } from "./workspace/problems.ts";
import { run, sideBySide, type Outcome } from "./workspace/run.ts";

const LONGEST_RUN = 20_000; // ms; a block takes about 10, and 200 in a process of its own
const AT_ONCE = 2;
const BATCH = join(root, "scripts", "docs", "batch.ts");
const RECORDS = /^(decisions\/|CHANGELOG)/; // show code that is not, or no longer, how it is done

const problems: Problem[] = [];
const pages = filesBelow(root, /\.md$/).map((path) => shown(path));
const shownBlocks = pages.filter((page) => !RECORDS.test(page)).flatMap((page) => blocksOfPage(page, problems));
const examples = blocksOfDocstrings(problems);
const blocks = [...shownBlocks, ...examples];
const links = pages.map((page) => checkLinks(page, problems)).reduce((sum, count) => sum + count, 0);

for (const page of pages.filter((name) => /^(packages\/[^/]+\/)?README\.md$/.test(name))) checkReadme(page);
const playground = layPlayground(blocks);
const runnable = blocks.filter(({ reason }) => reason === undefined);
try {
  await checkTypes();
  await checkRuns();
} finally {
  rmSync(playground.dir, { recursive: true, force: true });
}

const unrun = blocks.length - runnable.length;
report(
  problems,
  `${shownBlocks.length} blocks and ${examples.length} docstring examples (${unrun} not run), ${links} links, ${pages.length} pages`,
);

/** A reader who follows only this page gets its first block to run, with what the page says to install. */
function checkReadme(page: string): void {
  const own = shownBlocks.filter((block) => block.page === page);
  const [first] = own;
  if (!first) problems.push({ at: page, rule: "first block", message: "shows no code; its first block does the job." });
  else if (first.reason !== undefined) {
    problems.push({
      at: `${page}:${first.line}`,
      rule: "first block",
      message: "The first block has to run as it stands.",
    });
  }
  const installed = installedBy(page);
  for (const { code, line, language } of own) {
    for (const specifier of importsOf(code, language)) {
      if (/^(node:|\.)/.test(specifier)) continue;
      const name = packageName(specifier);
      if (installed.has(name)) continue;
      problems.push({
        at: `${page}:${line}`,
        rule: "install",
        message: `imports ${name}, which the page does not say to install.`,
      });
    }
  }
}

function importsOf(code: readonly string[], language: string): string[] {
  try {
    return parseModule(`block.${language}`, code.join("\n")).imports.map(({ specifier }) => specifier);
  } catch {
    return []; // tsc says it better
  }
}

async function checkTypes(): Promise<void> {
  const { output } = await run("tsc", ["-p", playground.dir, "--pretty", "false"]);
  for (const message of output.split(/\n(?=\S)/)) {
    // What tsc says of the packages' own sources is for the check of the types.
    const [, at, text = ""] = /^(\S+?:\d+):\d+: (.*)$/s.exec(namedByPage(playground, message.trimEnd())) ?? [];
    if (at) problems.push({ at, rule: "types", message: text });
    else if (!/^(\S+\(\d+,\d+\): )/.test(message) && message.trim() !== "") throw new Error(`tsc: ${message}`);
  }
}

/** Runs blocks in a few processes, and those that did not end well there once more, each in one of its own. */
async function checkRuns(): Promise<void> {
  const preload = new URL("docs/offline.ts", import.meta.url).href;
  const inNode = (args: readonly string[], timeout: number): Promise<Outcome> =>
    run(process.execPath, ["--import", preload, ...args], {
      cwd: playground.dir,
      timeout,
      env: { NO_COLOR: "1", NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
    });

  const ready = runnable.filter((block) => block.language !== "tsx");
  const batches = Array.from({ length: AT_ONCE }, (_, place) => ready.filter((_block, at) => at % AT_ONCE === place));
  await sideBySide(batches, AT_ONCE, (batch) =>
    inNode([BATCH, ...batch.flatMap((block) => [fileOf(block), outcomeOf(block)])], LONGEST_RUN * 2),
  );
  await sideBySide(runnable, AT_ONCE, async (block) => {
    const at = `${block.page}:${block.line}`;
    if (block.language === "tsx") {
      problems.push({ at, rule: "run", message: "Node runs no tsx; mark it ```tsx no-run with the reason." });
    } else if (!existsSync(outcomeOf(block)) || differs(block, readFileSync(outcomeOf(block), "utf8"))) {
      const { code, stdout, output } = await inNode([fileOf(block)], LONGEST_RUN);
      const said = code === 0 ? differs(block, stdout) : undefined;
      if (code !== 0) {
        const message = `ended with exit code ${code}.\n${indented(namedByPage(playground, output))}`;
        problems.push({ at, rule: "run", message });
      } else if (said) problems.push({ at, rule: "output", message: said });
    }
  });
}

function fileOf(block: Block): string {
  return playground.files.get(block) ?? "";
}

function outcomeOf(block: Block): string {
  return `${fileOf(block)}.out`;
}

/** How what a block printed differs from what it says that it prints; undefined where it doesn't. */
function differs(block: Block, stdout: string): string | undefined {
  const stated = [...block.before, block].flatMap((part) => expectedLines(part.code).map(({ text }) => text));
  const printed = printedLines(stdout);
  if (stated.length === 0) return undefined;
  if (stated.length === printed.length && stated.every((text, index) => isAsStated(printed[index] ?? "", text))) {
    return undefined;
  }
  return `prints\n${indented(printed.join("\n"))}\n  and says that it prints\n${indented(stated.join("\n"))}`;
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, "    ");
}
