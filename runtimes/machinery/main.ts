import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtimes } from "../adapters/runtimes.ts";
import { sideBySide } from "../../scripts/workspace/run.ts";
import type { Outcome } from "../site/behaviour.ts";
import { Site } from "../site/site.ts";
import { chapters } from "../specification/chapters.ts";
import { idOf, perform } from "./perform.ts";

export async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((a) => !a.startsWith("--"));
  const chosen = runtimes().filter(({ name }) => names.length === 0 || names.includes(name));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "authflow-runtimes-")));
  await using site = await Site.start();
  const outcomes = new Map<string, Outcome[]>(chosen.map((r) => [idOf(r), []]));
  site.onOutcome = (name, outcome) => outcomes.get(name)?.push(outcome);
  const titles = chapters.flatMap(({ promise, cases }) => cases.map(({ title }) => `${promise}: ${title}`));
  await sideBySide(chosen, 2, async (runtime) => {
    const p = await perform(runtime, site, outcomes.get(idOf(runtime)) ?? [], folder);
    console.log(`${runtime.name} ${p.version} ${(p.time / 1000).toFixed(1)} s  ${p.failures.filter((f) => f === undefined).length}/${p.failures.length}`);
    if (p.complaint) console.log(p.complaint.slice(0, 3000));
    p.failures.forEach((f, i) => { if (f !== undefined) console.log(`  ✗ ${titles[i]}\n    ${f.split("\n").slice(0, 4).join("\n    ")}`); });
  });
  rmSync(folder, { recursive: true });
}
