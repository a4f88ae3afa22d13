import type { Outcome } from "../site/behaviour.ts";
import type { Ability } from "./abilities.ts";
import { caseFor } from "./case.ts";
import { chapters } from "./chapters.ts";
import type { Installed } from "./packed.ts";
import { Place, type Origins } from "./place.ts";

/** What a runtime is told; plain JSON. */
export interface Order {
  readonly runtime: string;
  readonly origins: Origins;
  readonly lacks: readonly Ability[];
  readonly entries: Installed["entries"];
}

/** The longest that a case may take, in milliseconds. */
const LIMIT = 10_000;

/**
 * Runs every case, one after the other, and reports each to the site.
 *
 * @param load gives an entry of what is installed
 * @param require the same, by `require`
 */
export async function runAll(
  { runtime, origins, lacks, entries }: Order,
  load: Installed["load"],
  require?: Installed["require"],
): Promise<void> {
  const cases = chapters.flatMap((chapter) => chapter.cases);
  for (const [index, given] of cases.entries()) {
    const at = new Place(origins, { entries, load, require }, `${runtime}-${index}`);
    const failure = await failureWithin(async () => caseFor(given, lacks).run(at));
    const outcome: Outcome = {
      index,
      ...(failure === undefined ? {} : { failure }),
    };
    await fetch(`${origins.own}/control/report/${runtime}`, { method: "POST", body: JSON.stringify(outcome) });
  }
}

async function failureWithin(run: () => Promise<void>): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`took more than ${LIMIT / 1000} s`), LIMIT);
  });
  const failed = run().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  try {
    return await Promise.race([failed, late]);
  } finally {
    clearTimeout(timer);
  }
}
