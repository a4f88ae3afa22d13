// What a server can make a client compute with a header.
import { parseChallenges } from "@authflow/challenge";
import { interleave, type Timing } from "../measure/interleave.ts";
import { median, quantile } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { time } from "../report/units.ts";
import type { Group } from "./group.ts";

const SIZE = 64 * 1024;
/** Microseconds. */
const LIMIT = 50_000;

const USUAL =
  'Digest realm="wiki", nonce="7ypf/xlj9XXwfDPEoM4URrv", qop="auth, auth-int", algorithm=SHA-256, Basic realm="wiki"';

/** What a header starts with; then comes one text, again and again. */
const OPENINGS = ["", "Basic ", "Basic realm=", 'Basic realm="', "Basic realm=x, a", '\\",x"'];
const HOSTILE: ReadonlyMap<string, readonly string[]> = new Map([
  ["characters", ["a", "\\", "\0", "\u00a0"]],
  ["separators", [",", " ", "\t", "=", ";", "===", "= "]],
  ["quotes", ['"', '""', '"a', '"a"x', '" ', ' "', '",', ', "', '" ;', 'x"y,']],
  ["quoted pairs", ['\\"', '\\",', 'a="\\",']],
  ["parameters", ["a=b,", "a =", 'a="', 'a="b",', "A b=", "A =,"]],
  ["challenges", ["A b", "A b,", "a ,", 'Basic realm="a", ']],
]);

export const challenges: Group = {
  title: "parseChallenges on hostile headers",
  async measure(quick) {
    const pace = { rounds: quick ? 2 : 20, warmUp: quick ? 1 : 3, calls: 1 };
    const rows: Row[] = [];
    const [usual] = await interleave([{ name: "", run: () => parseChallenges(USUAL) }], { ...pace, calls: 10_000 });
    if (usual) rows.push(rowOf(`what servers send (${USUAL.length} characters)`, usual, undefined));
    for (const [kind, units] of HOSTILE) rows.push(rowOf(kind, await slowestOf(units, pace), LIMIT));
    return {
      columns: ["", "slowest", "median", "p10", "processor", "limit", ""],
      rows,
      notes: [
        `Headers of 64 KiB: one text, again and again, behind each of ${OPENINGS.length} openings. A row shows the slowest of its kind, over ${pace.rounds} rounds.`,
      ],
    };
  },
};

async function slowestOf(units: readonly string[], pace: Parameters<typeof interleave>[1]): Promise<Timing> {
  const headers = units.flatMap((unit) => OPENINGS.map((opening) => ({ unit, opening })));
  const timings = await interleave(
    headers.map(({ unit, opening }) => {
      const header = opening + unit.repeat(SIZE / unit.length);
      return { name: `${JSON.stringify(opening)} + ${JSON.stringify(unit)}`, run: () => parseChallenges(header) };
    }),
    pace,
  );
  return timings.reduce((slowest, timing) => (median(timing.rounds) > median(slowest.rounds) ? timing : slowest));
}

function rowOf(kind: string, { name, rounds, cpu }: Timing, limit: number | undefined): Row {
  const found = median(rounds);
  return {
    cells: [
      kind,
      name === "" ? "" : `\`${name}\``,
      time(found),
      time(quantile(rounds, 0.1)),
      time(cpu),
      limit === undefined ? "" : `≤ ${time(limit)}`,
    ],
    within: limit === undefined ? undefined : found <= limit,
  };
}
