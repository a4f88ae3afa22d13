import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Order } from "../specification/run.ts";
import type { Runtime } from "./runtime.ts";

const execute = promisify(execFile);

// It talks to this machine alone, and root may start it.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const path = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((place) => existsSync(place));

/** The system's own browser, in a page of the site. */
export const chromium: Runtime = {
  name: "Chromium",
  conditions: ["browser"],
  lacks: ["shown redirects", "streamed uploads", "early responses", "cookie headers", "unprompted challenges"],
  async version() {
    if (path === undefined) return undefined;
    const { stdout } = await execute(path, ["--version"]);
    return /\d+(\.\d+)+/.exec(stdout)?.[0];
  },
  async start(bundle, order, site) {
    site.files.set("/page", { type: "text/html", text: '<!doctype html><title>authflow</title><link rel="icon" href="data:,">' });
    site.files.set("/specification.mjs", { type: "text/javascript", text: await readFile(bundle, "utf8") });
    const { chromium: launcher } = await import("playwright-core");
    const browser = await launcher.launch({ args: FLAGS, ...(path === undefined ? {} : { executablePath: path }) });
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
    const run = async (): Promise<string | undefined> => {
      try {
        await page.goto(`${order.origins.own}/page`);
        await page.evaluate(async (given) => {
          const specification = "/specification.mjs"; // a name that no bundler follows
          const { runAll } = (await import(specification)) as { runAll(order: Order): Promise<void> }; // run.ts
          await runAll(given);
        }, order);
      } catch (error) {
        complaints.push(String(error));
      }
      return complaints.length > 0 ? complaints.join("\n") : undefined;
    };
    return { ended: run(), stop: () => browser.close() };
  },
};
