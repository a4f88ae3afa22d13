import { join } from "node:path";
import type { Runtime } from "../adapters/runtime.ts";
import type { Outcome } from "../site/behaviour.ts";
import type { Site } from "../site/site.ts";
import { chapters } from "../specification/chapters.ts";
import { bundle } from "./bundle.ts";

/** What came of the specification on one runtime. */
export interface Performance {
  readonly runtime: Runtime;
  /** Undefined: it isn't installed, and nothing was run. */
  readonly version: string | undefined;
  /** A failure for each case, by its number; undefined where it passed. */
  readonly failures: readonly (string | undefined)[];
  /** What the runtime itself said at a bad end. */
  readonly complaint: string | undefined;
  /** In milliseconds. */
  readonly time: number;
}

/** The longest that a runtime may take, in milliseconds. */
const LIMIT = 120_000;

/** Runs the specification on a runtime. Never rejects. */
export async function perform(runtime: Runtime, site: Site, outcomes: Outcome[], folder: string): Promise<Performance> {
  const began = performance.now();
  const titles = chapters.flatMap(({ cases }) => cases);
  const version = await runtime.version();
  const complaint = version === undefined ? undefined : await complaintOf(runtime, site, folder);
  const failures = titles.map((_, index) => {
    const outcome = outcomes.find((told) => told.index === index);
    return outcome ? outcome.failure : "did not come to its end";
  });
  return { runtime, version, failures, complaint, time: performance.now() - began };
}

async function complaintOf(runtime: Runtime, site: Site, folder: string): Promise<string | undefined> {
  const name = idOf(runtime);
  const file = join(folder, `${name}.mjs`);
  let timer: NodeJS.Timeout | undefined;
  try {
    await bundle(runtime.conditions, file);
    const origins = { own: site.origin("own"), here: site.origin("here"), elsewhere: site.origin("elsewhere") };
    const started = await runtime.start(file, { runtime: name, origins, lacks: runtime.lacks }, site);
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`took more than ${LIMIT / 1000} s`), LIMIT);
    });
    try {
      return await Promise.race([started.ended, late]);
    } finally {
      await started.stop();
    }
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The name of a runtime as it stands in paths. */
export function idOf({ name }: Runtime): string {
  return name.toLowerCase().replaceAll(" ", "");
}
