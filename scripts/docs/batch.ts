// Runs blocks one after the other in one process, so that they share what they import. Given pairs of a block's file and
// a file for its outcome, it writes for each that ended well what it printed. A block that threw, that left something
// behind, or that ended the process has no outcome: whoever asked runs it alone, where nothing can come from its
// neighbours.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const LONGEST_SETTLING = 500; // ms; a server that was closed is gone within a few

let printed = "";
let broken = false;
process.stdout.write = (chunk: string | Uint8Array) => {
  printed += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
  return true;
};
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, () => {
    broken = true;
  });
}
const globals = new Map(Reflect.ownKeys(globalThis).map((key) => [key, descriptor(key)]));
const env = { ...process.env };
const atRest = process.getActiveResourcesInfo().length;

const files = process.argv.slice(2);
for (let index = 0; index < files.length; index += 2) {
  const [block = "", outcome = ""] = files.slice(index, index + 2);
  printed = "";
  broken = false;
  try {
    await import(pathToFileURL(block).href);
  } catch {
    broken = true;
  }
  if ((await settled()) && !broken && process.exitCode === undefined) writeFileSync(outcome, printed);
  putBack();
}
process.exit(0);

/** Whether nothing that the block began is left. What it prints late counts, as when it runs alone. */
async function settled(): Promise<boolean> {
  const end = performance.now() + LONGEST_SETTLING;
  let wait = 0;
  do {
    await new Promise((resolve) => {
      setTimeout(resolve, wait);
    });
    wait = 10;
  } while (process.getActiveResourcesInfo().length > atRest && performance.now() < end);
  return process.getActiveResourcesInfo().length <= atRest;
}

/** Gives the next block the globals and the environment that this one found. */
function putBack(): void {
  for (const key of Reflect.ownKeys(globalThis)) if (!globals.has(key)) Reflect.deleteProperty(globalThis, key);
  for (const [key, found] of globals) {
    const now = descriptor(key);
    if (found && (now?.value !== found.value || now?.get !== found.get)) Object.defineProperty(globalThis, key, found);
  }
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  process.exitCode = undefined;
}

function descriptor(key: string | symbol): PropertyDescriptor | undefined {
  return Reflect.getOwnPropertyDescriptor(globalThis, key);
}
