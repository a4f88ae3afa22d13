// The browser of this machine, for what only a browser shows.
import { existsSync } from "node:fs";
import { findProgram } from "./program.ts";

/** The path of Chromium: what `CHROMIUM` names, else the first that is installed; `undefined` without one. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM"];
  return named && existsSync(named) ? named : findProgram(["chromium", "chromium-browser", "google-chrome"]);
}

/** It asks nobody for anything by itself, and root may start it. */
export const CHROMIUM_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
