// Imports one module and tells how long that took, in microseconds; with `fetch` behind it, after Node's fetch was loaded.
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { tell } from "./child.ts";

const [path = "", before] = process.argv.slice(2);
const { href } = pathToFileURL(path);
if (before === "fetch") void Request; // whose getter loads it
const start = performance.now();
await import(href);
tell((performance.now() - start) * 1000);
process.disconnect();
