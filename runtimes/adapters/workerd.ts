import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { here } from "../setup.ts";
import type { Runtime } from "./runtime.ts";

const require = createRequire(join(here, "package.json"));

// No compatibility flags: what is published needs nothing of Node there.
const COMPATIBILITY_DATE = "2026-07-01";

/** What of miniflare is used; it isn't there before the set-up. */
interface MiniflareModule {
  readonly Miniflare: new (options: object) => {
    dispatchFetch(url: string, init: RequestInit): Promise<Response>;
    dispose(): Promise<void>;
  };
}

const MAIN = `
import { runAll } from "./specification.mjs";
import { load } from "./installed.mjs";
export default {
  async fetch(request) {
    await runAll(await request.json(), load);
    return new Response("done");
  },
};
`;

/** Cloudflare's runtime, by way of miniflare. */
export const workerd: Runtime = {
  name: "workerd",
  conditions: ["workerd", "worker", "browser"],
  lacks: ["early responses", "refused redirects", "required modules"],
  async version() {
    try {
      return (require("workerd/package.json") as { version: string }).version; // as every package.json has it
    } catch {
      return undefined;
    }
  },
  async start({ folder, specification, installed }, order) {
    const { Miniflare } = require("miniflare") as MiniflareModule; // of the version in package.json
    const module = async (path: string, file: string) =>
      ({ type: "ESModule", path, contents: await readFile(join(folder, file), "utf8") }) as const;
    let said = "";
    const miniflare = new Miniflare({
      compatibilityDate: COMPATIBILITY_DATE,
      modules: [
        { type: "ESModule", path: "main.mjs", contents: MAIN },
        await module("specification.mjs", specification),
        await module("installed.mjs", installed),
      ],
      handleRuntimeStdio(_: Readable, stderr: Readable) {
        stderr.setEncoding("utf8").on("data", (text: string) => {
          said += text;
        });
      },
    });
    const run = async (): Promise<string | undefined> => {
      try {
        const response = await miniflare.dispatchFetch("http://runtime.test/", {
          method: "POST",
          body: JSON.stringify(order),
        });
        const text = await response.text();
        return text === "done" ? undefined : `${text}\n${said}`;
      } catch (error) {
        return String(error);
      }
    };
    return { ended: run(), stop: () => miniflare.dispose() };
  },
};
