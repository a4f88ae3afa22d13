// What a program pays at its start.
import { Child } from "../children/child.ts";
import { differences, median, medianInterval, quantile } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { signed, time } from "../report/units.ts";
import type { Group } from "./group.ts";
import { Published } from "./published.ts";

/** Microseconds over an empty module. */
const LIMIT = 3000;

interface Module {
  readonly name: string;
  readonly source: string;
  /** Whether Node's own fetch is loaded before. */
  readonly fetches?: boolean;
  readonly limit?: number;
}

const PACKAGES = ["flow", "challenge", "hash", "basic", "digest", "core"].map((name) => `@authflow/${name}`);
/** As many as flow, basic and core are with what they import: what Node takes to find them. */
const FLOOR = ["empty-1", "empty-2", "empty-3", "empty-4"];
const THREE = 'import "@authflow/flow";\nimport "@authflow/basic";\nimport "@authflow/core";\n';
const DIGEST = 'import "@authflow/flow";\nimport "@authflow/digest";\nimport "@authflow/core";\n';

const MODULES: readonly Module[] = [
  { name: "an empty module", source: "export {};\n" },
  { name: "flow, basic and core", source: THREE, limit: LIMIT },
  { name: "flow, digest and core", source: DIGEST, limit: LIMIT },
  {
    name: `${FLOOR.length} packages with nothing in them`,
    source: FLOOR.map((name) => `import "${name}";\n`).join(""),
  },
  { name: "flow, basic and core, where fetch was used before", source: THREE, fetches: true },
  { name: "a module that names Request", source: "Request;\n" },
];

export const importTime: Group = {
  title: "Import, as built",
  async measure(quick) {
    using published = await Published.of(PACKAGES);
    for (const name of FLOOR) published.emptyPackage(name);
    const rounds = quick ? 5 : 60;
    const modules = MODULES.map((module, index) => ({
      ...module,
      path: published.module(`module-${index}.mjs`, module.source),
      times: [] as number[],
    }));
    for (let round = 0; round < rounds; round++) {
      for (const { path, fetches, times } of modules) times.push(await importOf(path, fetches === true));
    }
    const empty = modules[0]?.times ?? [];
    return {
      columns: ["", "median", "p10", "over empty", "95 % interval", "limit", ""],
      rows: modules.map(({ name, times, limit }) => rowOf(name, times, limit, empty)),
      notes: [
        `Time of one \`import()\` in a process that has imported nothing of it, ${rounds} processes each, in turn.`,
        "Node loads its own fetch where the first of fetch, Request, Response and Headers is named; a program that fetches pays for that once, here or later.",
      ],
    };
  },
};

async function importOf(path: string, fetches: boolean): Promise<number> {
  await using child = new Child("import-time.ts", path, ...(fetches ? ["fetch"] : []));
  return await child.next<number>();
}

function rowOf(name: string, times: readonly number[], limit: number | undefined, empty: readonly number[]): Row {
  const cells = [name, time(median(times)), time(quantile(times, 0.1))];
  if (times === empty) return { cells: [...cells, "", "", ""], within: undefined };
  const over = differences(times, empty);
  const interval = medianInterval(over).map((end) => signed(time(end)));
  return {
    cells: [...cells, signed(time(median(over))), interval.join(" to "), limit === undefined ? "" : `≤ ${time(limit)}`],
    within: limit === undefined ? undefined : median(over) <= limit,
  };
}
