// What a warm call costs over a real connection, where the network's part is hundreds of times the runner's.
import { basic } from "@authflow/basic";
import { createAuthFetch } from "@authflow/core";
import { Child } from "../children/child.ts";
import { interleave, type Timing } from "../measure/interleave.ts";
import { deviation, differences, median, medianInterval, quantile } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { signed, time } from "../report/units.ts";
import type { Group } from "./group.ts";

/** Twice the same, to see what is noise; and with a Request, which the runner makes as well. */
const BARE = "bare fetch, the header by hand";
const AGAIN = "the same, once more";
const REQUEST = "bare fetch, a Request by hand";

const authorization = `Basic ${btoa("finley:secret")}`;

export const loopback: Group = {
  title: "Warm, over a keep-alive connection on loopback",
  async measure(quick) {
    await using server = new Child("server.ts");
    const url = `${await server.next<string>()}/protected`;
    // Warm is what V8 has compiled, and at so few calls a second it takes its time.
    const pace = { rounds: quick ? 300 : 6000, warmUp: quick ? 300 : 10_000, calls: 1 };

    const bare = (): Promise<string> => textOf(fetch(url, { headers: { authorization } }));
    const authFetch = basic({ username: "finley", password: "secret" })(fetch);
    const client = createAuthFetch({ auth: ["finley", "secret"] });
    const timings = await interleave(
      [
        { name: BARE, run: bare },
        { name: AGAIN, run: bare },
        { name: REQUEST, run: () => textOf(fetch(new Request(url, { headers: { authorization } }))) },
        { name: "basic", run: () => textOf(authFetch(url)) },
        { name: "createAuthFetch", run: () => textOf(client(url)) },
      ],
      pace,
    );
    const [first, again] = timings;
    if (!first || !again) throw new Error("Bare fetch was not measured.");
    const spread = deviation(differences(again.rounds, first.rounds));
    const noise = 1.96 * spread;
    return {
      columns: ["", "median", "p10", "difference", "95 % interval", "limit", ""],
      rows: timings.map((timing) => rowOf(timing, first.rounds, noise)),
      notes: [
        `Time a call with its body read, over ${pace.rounds} rounds of one call each, after ${pace.warmUp} that don't count. The difference to bare fetch is the median of the rounds' own differences, with the interval in which that median lies.`,
        `The noise is what bare fetch differs from bare fetch in the same round: by less than ${time(noise)} in 95 of 100 of them, which are 1.96 standard deviations of ${time(spread)} (1.48 times the median absolute one, which a few interrupted rounds don't move). A difference below that is inside the noise: one pair of calls doesn't show it, thousands do.`,
      ],
    };
  },
};

async function textOf(response: Promise<Response>): Promise<string> {
  return (await response).text();
}

function rowOf({ name, rounds }: Timing, bare: readonly number[], noise: number): Row {
  const cells = [name, time(median(rounds)), time(quantile(rounds, 0.1))];
  if (name === BARE) return { cells: [...cells, "", "", ""], within: undefined };
  const found = differences(rounds, bare);
  const interval = medianInterval(found).map((end) => signed(time(end)));
  const isOurs = name !== AGAIN && name !== REQUEST;
  return {
    cells: [...cells, signed(time(median(found))), interval.join(" to "), isOurs ? `± ${time(noise)}` : ""],
    within: isOurs ? Math.abs(median(found)) <= noise : undefined,
  };
}
