import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Whom servers run as if root starts them: nobody. */
export const NOBODY: { readonly uid: number; readonly gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

/** In milliseconds; then it is ended without being asked. */
const PATIENCE = 5000;

/** Starts a server, which ends with this process if nobody ends it before. */
export function startProcess(program: string, args: readonly string[], folder: string): ChildProcess {
  const child = spawn(program, args, { ...NOBODY, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const end = (): boolean => child.kill();
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}

/** Ends a process by its id, and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, "exit");
  child.kill();
  const impatience = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  await exit;
  clearTimeout(impatience);
}

export function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}
