import { join } from "node:path";
import type { Files, Runtime } from "../adapters/runtime.ts";
import { here } from "../setup.ts";
import type { Outcome } from "../site/behaviour.ts";
import type { Site } from "../site/site.ts";
import { chapters } from "../specification/chapters.ts";
import type { Order } from "../specification/run.ts";
import { bundle } from "./bundle.ts";
import { entriesFor, writeLoader } from "./installed.ts";

/** What came of the specification on one runtime. */
export interface Performance {
  readonly runtime: Runtime;
  /** Undefined: it isn't installed, and nothing was run. */
  readonly version: string | undefined;
  /** Why each case failed, by its number; undefined where it passed. */
  readonly failures: readonly (string | undefined)[];
  /** What the runtime itself said at a bad end. */
  readonly complaint: string | undefined;
  /** In milliseconds. */
  readonly time: number;
}

/** The longest that a runtime may take, in milliseconds. */
const LIMIT = 120_000;

/**
 * Runs the specification on a runtime. Never rejects.
 *
 * @param folder where the tarballs are installed
 */
export async function perform(runtime: Runtime, site: Site, folder: string): Promise<Performance> {
  const began = performance.now();
  const name = idOf(runtime);
  const outcomes = new Map<number, Outcome>();
  site.listeners.set(name, (outcome) => outcomes.set(outcome.index, outcome));
  const version = await runtime.version().catch(() => undefined); // not for this machine
  const complaint = version === undefined ? undefined : await complaintOf(runtime, site, folder);
  const failures = chapters
    .flatMap(({ cases }) => cases)
    .map((_, index) => {
      const outcome = outcomes.get(index);
      return outcome ? outcome.failure : "did not come to its end";
    });
  return { runtime, version, failures, complaint, time: performance.now() - began };
}

async function complaintOf(runtime: Runtime, site: Site, folder: string): Promise<string | undefined> {
  const { conditions, lacks } = runtime;
  const name = idOf(runtime);
  const entries = entriesFor(conditions);
  const origins = { own: site.origin("own"), here: site.origin("here"), elsewhere: site.origin("elsewhere") };
  const order: Order = { runtime: name, origins, lacks, entries };
  const files: Files = { folder, specification: `${name}.mjs`, installed: `${name}.installed.mjs` };
  try {
    await bundle(join(here, "specification/run.ts"), join(folder, files.specification), conditions);
    if (lacks.includes("required modules")) {
      const loader = join(folder, `${name}.loader.mjs`);
      await writeLoader(loader, entries);
      await bundle(loader, join(folder, files.installed), conditions);
    }
    return await endOf(runtime, files, order, site);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

async function endOf(runtime: Runtime, files: Files, order: Order, site: Site): Promise<string | undefined> {
  const started = await runtime.start(files, order, site);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`took more than ${LIMIT / 1000} s`), LIMIT);
  });
  try {
    return await Promise.race([started.ended, late]);
  } finally {
    clearTimeout(timer);
    await started.stop();
  }
}

/** The name of a runtime as it stands in paths. */
function idOf({ name }: Runtime): string {
  return name.toLowerCase().replaceAll(" ", "");
}
