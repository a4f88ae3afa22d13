// Every runtime of the table, in its order.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { here } from "../setup.ts";
import { chromium } from "./chromium.ts";
import { program } from "./program.ts";
import type { Runtime } from "./runtime.ts";
import { workerd } from "./workerd.ts";

const modules = join(here, "node_modules");

/** A program of a package for this platform: @deno/linux-x64-glibc/deno. */
function binary(scope: string, ...file: readonly string[]): string | undefined {
  const dir = join(modules, scope);
  const [found] = existsSync(dir) ? readdirSync(dir) : [];
  return found === undefined ? undefined : join(dir, found, ...file);
}

function node(major: number, path: string): Runtime {
  return program({
    name: `Node ${major}`,
    conditions: ["node"],
    path,
    args: [],
    lacks: major < 24 ? ["URLPattern"] : [],
  });
}

export const runtimes = (): readonly Runtime[] => [
  node(20, join(modules, "node20/bin/node")),
  node(22, join(modules, "node22/bin/node")),
  node(24, process.execPath),
  node(26, join(modules, "node26/bin/node")),
  program({
    name: "Deno",
    conditions: ["deno", "node"],
    path: binary("@deno", "deno"),
    args: ["run", "--no-lock", "--quiet", "--allow-net=127.0.0.1", "--allow-read"],
  }),
  program({ name: "Bun", conditions: ["bun", "node"], path: binary("@oven", "bin", "bun"), args: [] }),
  workerd,
  chromium,
];
