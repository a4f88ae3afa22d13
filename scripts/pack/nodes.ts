// The versions of Node that what is published is tried with.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface NodeProgram {
  readonly path: string;
  readonly version: string;
}

const OLDEST = [20, 19] as const; // engines.node of every package

/** This Node, and the first other one in PATH that the packages support. */
export function nodes(): NodeProgram[] {
  const found = [{ path: process.execPath, version: process.versions.node }];
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, process.platform === "win32" ? "node.exe" : "node");
    if (folder.includes("node_modules") || !existsSync(path)) continue;
    const version = execFileSync(path, ["-p", "process.versions.node"], { encoding: "utf8" }).trim();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isSupported = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
    if (isSupported && found.every((node) => node.version !== version)) found.push({ path, version });
    break;
  }
  return found;
}
