// Runtimes that run a file, and write to standard error what goes wrong.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Ability } from "../specification/abilities.ts";
import type { Order } from "../specification/run.ts";
import type { Runtime } from "./runtime.ts";

const execute = promisify(execFile);

/** How a program runs a file. */
export interface Program {
  readonly name: string;
  readonly conditions: readonly string[];
  /** Where it is; undefined where it isn't installed. */
  readonly path: string | undefined;
  /** What the runtime lacks. Default: nothing. */
  readonly lacks?: readonly Ability[];
  /** What stands before the file. */
  readonly args: readonly string[];
}

export function program({ name, conditions, path, args, lacks = [] }: Program): Runtime {
  return {
    name,
    conditions,
    lacks,
    async version() {
      if (path === undefined || !existsSync(path)) return undefined;
      const { stdout } = await execute(path, ["--version"]);
      return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
    },
    async start({ folder, specification }, order) {
      const main = join(folder, `${order.runtime}.main.mjs`);
      await writeFile(main, mainOf(specification, order));
      const child = spawn(path ?? "", [...args, main], {
        cwd: folder,
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", DENO_DIR: join(folder, "deno") },
      });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      const ended = new Promise<string | undefined>((resolve) => {
        child.on("error", (error) => resolve(error.message));
        child.on("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}\n${said}`));
      });
      return {
        ended,
        async stop() {
          child.kill("SIGKILL");
          await ended;
        },
      };
    },
  };
}

/** It stands where the tarballs are installed, so the runtime finds them as it finds them anywhere. */
function mainOf(specification: string, order: Order): string {
  return `
import { createRequire } from "node:module";
import { runAll } from "./${specification}";
await runAll(${JSON.stringify(order)}, (name) => import(name), createRequire(import.meta.url));
`;
}
