import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHROMIUM_FLAGS, findChromium } from "../../scripts/workspace/chromium.ts";
import { here } from "../setup.ts";
import type { Installed } from "../specification/packed.ts";
import type { runAll as Run } from "../specification/run.ts";
import type { Runtime } from "./runtime.ts";

const execute = promisify(execFile);
const require = createRequire(join(here, "package.json"));

/** What of playwright-core is used; it isn't there before the set-up. */
interface Playwright {
  readonly chromium: { launch(options: { args: readonly string[]; executablePath?: string }): Promise<Browser> };
}

interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Page {
  on(event: "pageerror", listener: (error: Error) => void): void;
  goto(url: string): Promise<unknown>;
  evaluate<Given>(run: (given: Given) => Promise<void>, given: Given): Promise<void>;
}

const executable = findChromium();

/** The system's own browser, in a page of the site. */
export const chromium: Runtime = {
  name: "Chromium",
  isSystems: true,
  conditions: ["browser"],
  lacks: [
    "shown redirects",
    "streamed uploads",
    "early responses",
    "cookie headers",
    "unprompted challenges",
    "unexposed headers",
    "required modules",
  ],
  async version() {
    if (executable === undefined) return undefined;
    const { stdout } = await execute(executable, ["--version"]);
    return /\d+(\.\d+)+/.exec(stdout)?.[0];
  },
  async start({ folder, specification, installed }, order, site) {
    site.files.set("/page", {
      type: "text/html",
      text: '<!doctype html><title>authflow</title><link rel="icon" href="data:,">',
    });
    for (const [path, file] of [
      ["/specification.mjs", specification],
      ["/installed.mjs", installed],
    ] as const) {
      site.files.set(path, { type: "text/javascript", text: await readFile(join(folder, file), "utf8") });
    }
    const { chromium: launcher } = require("playwright-core") as Playwright; // of the version in package.json
    const browser = await launcher.launch({
      args: CHROMIUM_FLAGS,
      ...(executable === undefined ? {} : { executablePath: executable }),
    });
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
    const run = async (): Promise<string | undefined> => {
      try {
        await page.goto(`${order.origins.own}/page`);
        await page.evaluate(async (given) => {
          const paths = ["/specification.mjs", "/installed.mjs"]; // as values, which nothing resolves but the page
          const { runAll } = (await import(paths[0] ?? "")) as { runAll: typeof Run };
          const { load } = (await import(paths[1] ?? "")) as Pick<Installed, "load">;
          await runAll(given, load);
        }, order);
      } catch (error) {
        complaints.push(String(error));
      }
      return complaints.length > 0 ? complaints.join("\n") : undefined;
    };
    return { ended: run(), stop: () => browser.close() };
  },
};
