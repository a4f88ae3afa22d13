// What a table of routes adds to a call.
import { interleave, type Timing } from "../measure/interleave.ts";
import { differences, median, medianInterval, quantile } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { signed, time } from "../report/units.ts";
import type { Group } from "./group.ts";
import { MockNext, type Next } from "./mock-next.ts";
import { ROUTE_CASES, ROUTED_URLS, type RouteCase, withoutRoutes } from "./route-cases.ts";

const BARE = "basic, without routes";
const AGAIN = "the same, once more";

export const routeTables: Group = {
  title: "Routes: what a table adds to a call",
  async measure(quick) {
    const { fetch } = new MockNext();
    const pace = { rounds: quick ? 100 : 1000, warmUp: quick ? 100 : 300, calls: 50 };
    const timings = await interleave(
      [
        { name: BARE, run: calling(withoutRoutes(fetch)) },
        { name: AGAIN, run: calling(withoutRoutes(fetch)) },
        ...ROUTE_CASES.flatMap(({ name, make, without }) => [
          { name, run: calling(make(fetch)) },
          ...(without ? [{ name: byHand(name), run: calling(without(fetch)) }] : []),
        ]),
      ],
      pace,
    );
    const found = new Map(timings.map((timing) => [timing.name, timing]));
    return {
      columns: ["", "median", "p10", "more", "95 % interval", "limit", ""],
      rows: timings.map((timing) => rowOf(timing, found)),
      notes: [
        `Time a call with a mock \`next\`, over ${pace.rounds} rounds of ${pace.calls} calls, to ${ROUTED_URLS.length} URLs by turns. The last route of each table matches. What is more is the median of the rounds' own differences to basic without routes; for functions, to the same functions asked by hand, since what they take is not the table's.`,
      ],
    };
  },
};

function byHand(name: string): string {
  return `${name}, asked by hand`;
}

function calling(fetch: Next["fetch"]): () => Promise<Response> {
  let calls = 0;
  return () => fetch(ROUTED_URLS[calls++ % ROUTED_URLS.length] ?? "");
}

function rowOf({ name, rounds }: Timing, timings: ReadonlyMap<string, Timing>): Row {
  const cells = [name, time(median(rounds)), time(quantile(rounds, 0.1))];
  const found: RouteCase | undefined = ROUTE_CASES.find((one) => one.name === name);
  const base = timings.get(byHand(name)) ?? timings.get(BARE);
  if (!base || name === BARE || (!found && name !== AGAIN)) return { cells: [...cells, "", "", ""], within: undefined };
  const more = differences(rounds, base.rounds);
  const interval = medianInterval(more).map((end) => signed(time(end)));
  return {
    cells: [...cells, signed(time(median(more))), interval.join(" to "), found ? `≤ ${time(found.limit)}` : ""],
    within: found ? median(more) <= found.limit : undefined,
  };
}
