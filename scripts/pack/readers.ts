// Whoever follows only the README of a package gets its first block to run, offline: in a folder with nothing but what the
// page says to install, as tarballs, on this Node as it stands and on the oldest one at hand without its types.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import { blocksOfPage } from "../docs/blocks.ts";
import { expectedLines, isAsStated, printedLines } from "../docs/expectations.ts";
import { installedBy } from "../docs/install-commands.ts";
import { linkInto } from "../workspace/installed.ts";
import { shown, type Package } from "../workspace/packages.ts";
import type { Problem } from "../workspace/problems.ts";
import { run, sideBySide } from "../workspace/run.ts";
import { nodes, type NodeProgram } from "./nodes.ts";

/** Milliseconds; a block takes about 100. */
const LONGEST_RUN = 20_000;
/** The first Node that strips types. */
const STRIPS_TYPES = 22.18;

/**
 * Runs the first block of each README.
 *
 * @param dir where the readers' folders go
 * @param installed where the tarballs are installed, with what they depend on
 */
export async function checkReaders(dir: string, installed: string, packages: readonly Package[]): Promise<Problem[]> {
  const programs = nodes();
  const runs = packages.flatMap((pkg) => programs.map((node) => ({ pkg, node })));
  const problems = await sideBySide(runs, 2, ({ pkg, node }) =>
    follow(join(dir, node.version, pkg.folder), installed, pkg, node),
  );
  return problems.flat();
}

async function follow(dir: string, installed: string, pkg: Package, node: NodeProgram): Promise<Problem[]> {
  const page = `${shown(pkg.dir)}/README.md`;
  const [block] = blocksOfPage(page, []);
  if (!block) return []; // which check-readmes reports
  const at = `${page}:${block.line}, on Node ${node.version}`;
  for (const name of installedBy(page)) linkInto(dir, name, join(installed, "node_modules", name));
  const file = await write(dir, block.code.join("\n"), node);
  const preload = new URL("../docs/offline.ts", import.meta.url).href;
  const offline = stripsTypes(node) ? ["--import", preload] : [];
  const { code, stdout, output } = await run(node.path, [...offline, file], {
    cwd: dir,
    timeout: LONGEST_RUN,
    env: { NO_COLOR: "1", NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
  });
  if (code !== 0)
    return [{ at, rule: "first block", message: `doesn't run where only the package is installed.\n${output}` }];
  const stated = expectedLines(block.code).map(({ text }) => text);
  const printed = printedLines(stdout);
  const isTold =
    stated.length === printed.length && stated.every((text, index) => isAsStated(printed[index] ?? "", text));
  if (isTold || stated.length === 0) return [];
  return [
    {
      at,
      rule: "first block",
      message: `prints\n${printed.join("\n")}\nand says that it prints\n${stated.join("\n")}`,
    },
  ];
}

/** The block as it stands where Node strips types, else as JavaScript. */
async function write(dir: string, code: string, node: NodeProgram): Promise<string> {
  const file = join(dir, stripsTypes(node) ? "block.ts" : "block.mjs");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(join(dir, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const text = stripsTypes(node) ? code : (await transform(code, { loader: "ts", target: "node20" })).code;
  writeFileSync(file, text);
  return file;
}

function stripsTypes({ version }: NodeProgram): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major + minor / 100 >= STRIPS_TYPES;
}
