import { expect, it } from "vitest";
import { interleave } from "./interleave.ts";

/** Cases that write down when they run. */
function written(...names: readonly string[]): { log: string[]; cases: { name: string; run: () => void }[] } {
  const log: string[] = [];
  return { log, cases: names.map((name) => ({ name, run: () => void log.push(name) })) };
}

it("gives each case its turn in each round, with as many calls as it was told", async () => {
  const { log, cases } = written("a", "b", "c");
  await interleave(cases, { rounds: 4, warmUp: 1, calls: 2 });

  const rounds = Array.from({ length: 5 }, (_, round) => log.slice(round * 6, round * 6 + 6));
  expect(log).toHaveLength(30);
  for (const round of rounds) {
    expect(round.toSorted()).toEqual(["a", "a", "b", "b", "c", "c"]);
    expect(round.filter((_, call) => call % 2 === 0)).toEqual(round.filter((_, call) => call % 2 === 1));
  }
});

it("changes the order from round to round", async () => {
  const { log, cases } = written("a", "b", "c", "d");
  await interleave(cases, { rounds: 100, warmUp: 0, calls: 1 });

  const orders = new Set(Array.from({ length: 100 }, (_, round) => log.slice(round * 4, round * 4 + 4).join("")));
  expect(orders.size).toBeGreaterThan(1);
});

it("tells the rounds that count, and the warm-up is none of them", async () => {
  const { cases } = written("a", "b");
  const timings = await interleave(cases, { rounds: 3, warmUp: 7, calls: 1 });

  expect(timings.map(({ name, rounds }) => [name, rounds.length])).toEqual([
    ["a", 3],
    ["b", 3],
  ]);
});

it("prepares each turn", async () => {
  const { log, cases } = written("a");
  await interleave(cases, { rounds: 2, warmUp: 1, calls: 2, prepare: () => log.push("prepared") });
  expect(log).toEqual(["prepared", "a", "a", "prepared", "a", "a", "prepared", "a", "a"]);
});

it("waits for each call before the next", async () => {
  const log: string[] = [];
  const run = async (): Promise<void> => {
    log.push("begins");
    await Promise.resolve();
    log.push("ends");
  };
  await interleave([{ name: "slow", run }], { rounds: 1, warmUp: 0, calls: 2 });
  expect(log).toEqual(["begins", "ends", "begins", "ends"]);
});

it("ends with the error of a call", async () => {
  const run = (): never => {
    throw new Error("it broke");
  };
  await expect(interleave([{ name: "broken", run }], { rounds: 1, warmUp: 0, calls: 1 })).rejects.toThrow("it broke");
});
