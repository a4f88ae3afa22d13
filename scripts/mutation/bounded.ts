// Runs a program that may never end by itself, since a change can turn any loop into an endless one: after its time it
// is killed, with whatever it has started.
import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { delimiter, join } from "node:path";

export interface Bounded {
  /** The exit code; undefined when the time was over. */
  readonly code: number | undefined;
  readonly output: string;
}

const running = new Set<number>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    for (const group of running) end(group);
    process.exit(1);
  });
}

/** Runs a program of the workspace's tools in a folder, at low priority. */
export function runBounded(dir: string, timeout: number, program: string, args: readonly string[]): Promise<Bounded> {
  const path = `${join(dir, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  const child = spawn(program, args, {
    cwd: dir,
    env: { ...process.env, CI: "", NO_COLOR: "1", PATH: path, NODE_OPTIONS: "--max-old-space-size=1024" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a process group of its own, to be ended as a whole
  });
  const { pid = 0 } = child; // 0 where it could not be started
  if (pid !== 0) {
    running.add(pid);
    setPriority(pid, 15);
  }
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    end(pid);
  }, timeout);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => {
      clearTimeout(timer);
      running.delete(pid);
      end(pid); // a worker that hangs outlives the program that started it
    });
    child.on("close", (code) => resolve({ code: isOver ? undefined : (code ?? 1), output }));
  });
}

function end(group: number): void {
  if (group === 0) return; // that would be the group of this process
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
