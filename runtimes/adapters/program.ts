// Runtimes that run a file, and write to standard error what goes wrong.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Runtime } from "./runtime.ts";

const execute = promisify(execFile);

/** How a program runs a file. */
export interface Program {
  readonly name: string;
  readonly conditions: readonly string[];
  /** Where it is; undefined where it isn't installed. */
  readonly path: string | undefined;
  /** What stands before the file. */
  readonly args: readonly string[];
}

export function program({ name, conditions, path, args }: Program): Runtime {
  return {
    name,
    conditions,
    lacks: [],
    async version() {
      if (path === undefined || !existsSync(path)) return undefined;
      const { stdout } = await execute(path, ["--version"]);
      return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
    },
    async start(bundle, order) {
      const main = join(dirname(bundle), `${basename(bundle, ".mjs")}.main.mjs`);
      await writeFile(
        main,
        `import { runAll } from "./${basename(bundle)}";\nawait runAll(${JSON.stringify(order)});\n`,
      );
      const child = spawn(path ?? "", [...args, main], {
        cwd: dirname(bundle),
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", DENO_DIR: dirname(bundle) },
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
