// What a call costs without the network: the runner, its schemes and the Requests that they make.
import { Child } from "../children/child.ts";
import type { Timing } from "../measure/interleave.ts";
import { median, quantile, ratios } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { ratio, time } from "../report/units.ts";
import type { Compared } from "./compared.ts";
import type { Group } from "./group.ts";
import { DIGEST_CASES } from "./digest-cases.ts";
import { COMPARED } from "./in-process-cases.ts";

interface Effort {
  /** Rounds of the clock's ratio. */
  readonly rounds: number;
  /** Pairs of processes of the processor's ratio, and calls in each. */
  readonly pairs: number;
  readonly calls: number;
}

export const inProcess: Group = groupOf("In process, with a mock `next`", COMPARED);
export const digestSpeed: Group = groupOf("Digest, warm, with a mock `next`", DIGEST_CASES);

function groupOf(title: string, cases: readonly Compared[]): Group {
  return {
    title,
    async measure(quick) {
      const effort = quick ? { rounds: 200, pairs: 1, calls: 100_000 } : { rounds: 1500, pairs: 5, calls: 200_000 };
      const rows: Row[] = [];
      for (const compared of cases) rows.push(await rowOf(compared, effort));
      return {
        columns: ["", "median", "p10", "ratio", "with garbage", "limit", ""],
        rows,
        notes: [
          `Time a call, each case in a process of its own and in turn with the same by hand. The ratio is the median of ${effort.rounds} rounds' own ratios to that. A round has 100 calls: few rounds are interrupted, on a busy machine too, and few collect garbage.`,
          `So there is the ratio with garbage: of the processor time, all threads of it, that ${effort.calls.toLocaleString("en")} calls take in a process that does nothing else; the median of ${effort.pairs} pairs of processes. There the making of the mock's Responses counts on both sides. Both ratios have to be within the limit.`,
        ],
      };
    },
  };
}

async function rowOf(compared: Compared, effort: Effort): Promise<Row> {
  const { name, limit } = compared;
  const [own, byHand] = await pair(name, effort.rounds);
  const found = median(ratios(own, byHand));
  const withGarbage = await processorRatio(name, effort);
  return {
    cells: [
      name,
      time(median(own)),
      time(quantile(own, 0.1)),
      ratio(found),
      ratio(withGarbage),
      limit === undefined ? "" : `≤ ${ratio(limit)}`,
    ],
    within: limit === undefined ? undefined : Math.max(found, withGarbage) <= limit,
  };
}

async function pair(name: string, rounds: number): Promise<[own: readonly number[], byHand: readonly number[]]> {
  await using child = new Child("pair.ts", name, String(rounds));
  const [own, byHand] = await child.next<Timing[]>();
  if (!own || !byHand) throw new Error(`${name} was not measured.`);
  return [own.rounds, byHand.rounds];
}

async function processorRatio(name: string, { pairs, calls }: Effort): Promise<number> {
  const found: number[] = [];
  for (let done = 0; done < pairs; done++) {
    const own = await alone(name, "own", calls);
    found.push(own / (await alone(name, "by hand", calls)));
  }
  return median(found);
}

async function alone(name: string, side: "own" | "by hand", calls: number): Promise<number> {
  await using child = new Child("alone.ts", name, side, String(calls));
  return await child.next<number>();
}
