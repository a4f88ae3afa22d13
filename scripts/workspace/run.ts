// Runs a program and keeps what it says.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "./packages.ts";

export interface Outcome {
  /** The exit code; 1 when the program was killed, or could not be started. */
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the program is killed; 10 minutes by default. */
  readonly timeout?: number;
}

/** Runs a program, with the workspace's tools first in PATH. Never rejects: a program that can't be started says so in the output. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { cwd = root, env = {}, timeout = 600_000 } = options;
  const path = `${join(root, "node_modules", ".bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: path, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
      shell: process.platform === "win32", // programs in .bin are .cmd files there
    });
    let output = "";
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", (error) =>
      resolve({ code: 1, output: `${command} could not be started: ${error.message}\n`, stdout }),
    );
    child.on("close", (code, signal) => {
      if (signal) output += `\n${command} was ended by ${signal}${child.killed ? `, after ${timeout / 1000} s` : ""}\n`;
      resolve({ code: code ?? 1, output, stdout });
    });
  });
}

/** Runs jobs side by side, at most `limit` at a time; the results come in the order of the items. */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  limit: number,
  job: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await job(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
