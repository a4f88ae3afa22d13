import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { here } from "../setup.ts";
import type { Runtime } from "./runtime.ts";

const require = createRequire(join(here, "package.json"));

// No compatibility flags: what is published needs nothing of Node there.
const COMPATIBILITY_DATE = "2026-07-01";

const MAIN = `
import { runAll } from "./specification.mjs";
export default {
  async fetch(request) {
    await runAll(await request.json());
    return new Response("done");
  },
};
`;

/** Cloudflare's runtime, by way of miniflare. */
export const workerd: Runtime = {
  name: "workerd",
  conditions: ["workerd", "worker", "browser"],
  lacks: ["early responses", "refused redirects"],
  async version() {
    try {
      return (require("workerd/package.json") as { version: string }).version; // as every package.json has it
    } catch {
      return undefined;
    }
  },
  async start(bundle, order) {
    const { Miniflare } = await import("miniflare");
    const complaints: string[] = [];
    const miniflare = new Miniflare({
      compatibilityDate: COMPATIBILITY_DATE,
      modules: [
        { type: "ESModule", path: "main.mjs", contents: MAIN },
        { type: "ESModule", path: "specification.mjs", contents: await readFile(bundle, "utf8") },
      ],
    });
    const run = async (): Promise<string | undefined> => {
      try {
        const response = await miniflare.dispatchFetch("http://runtime.test/", {
          method: "POST",
          body: JSON.stringify(order),
        });
        const text = await response.text();
        return text === "done" ? undefined : [text, ...complaints].join("\n");
      } catch (error) {
        return String(error);
      }
    };
    return { ended: run(), stop: () => miniflare.dispose() };
  },
};
