import { performance } from "node:perf_hooks";

/** Something whose time is taken. */
export interface Case {
  readonly name: string;
  /** One call; what it promises is waited for. */
  readonly run: () => unknown;
}

/** What one case took. */
export interface Timing {
  readonly name: string;
  /** Microseconds a call by the clock, a number for each round. Rounds of the same number are pairs. */
  readonly rounds: readonly number[];
  /** Microseconds a call of processor time, of all threads, the mean of all rounds: with every collection of garbage. */
  readonly cpu: number;
}

export interface Pace {
  /** How many rounds count. */
  readonly rounds: number;
  /** How many come before them, so that everything is compiled. */
  readonly warmUp: number;
  /** How many calls of one case follow each other in a round. */
  readonly calls: number;
  /** Prepares the calls of one case in one round; its time isn't taken. */
  readonly prepare?: () => void;
}

/**
 * Times several cases side by side: each round has a turn of each case, in an order of its own. So whatever the machine
 * does besides is done to all of them alike, and what is compared was measured within the same few milliseconds.
 */
export async function interleave(cases: readonly Case[], pace: Pace): Promise<Timing[]> {
  const timings = cases.map(({ name }) => ({ name, rounds: [] as number[], cpu: 0 }));
  for (let round = -pace.warmUp; round < pace.rounds; round++) {
    for (const index of shuffled(cases.keys())) {
      const turn = await takeTurn(cases[index], pace);
      const timing = timings[index];
      if (round < 0 || !timing) continue;
      timing.rounds.push(turn.clock);
      timing.cpu += turn.cpu / pace.rounds;
    }
  }
  return timings;
}

async function takeTurn(subject: Case | undefined, { calls, prepare }: Pace): Promise<{ clock: number; cpu: number }> {
  prepare?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let call = 0; call < calls; call++) await subject?.run();
  const clock = ((performance.now() - start) * 1000) / calls;
  // Its clock may tick as seldom as every few milliseconds; over all rounds the ticks add up to what was used.
  const { user, system } = process.cpuUsage(cpu);
  return { clock, cpu: (user + system) / calls };
}

/** In a random order (Fisher and Yates), so that no case always comes after the same other. */
function shuffled(items: Iterable<number>): number[] {
  const order: number[] = [];
  for (const item of items) {
    const place = Math.floor(Math.random() * (order.length + 1));
    const moved = order[place];
    if (moved !== undefined) order.push(moved);
    order[place] = item;
  }
  return order;
}
