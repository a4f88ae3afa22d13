// The soak itself: calls of every kind, many at a time, against servers that fail in every way, and what may not happen
// on the way.
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../../scripts/workspace/random.ts";
import { sendingOf } from "./bodies.ts";
import type { Tally } from "./generators.ts";
import { heapInUse, memoryProblem } from "./memory.ts";
import { judgeError, judgeResponse, type Judged, type Outcome } from "./outcome.ts";
import { planOf, type Plan, type Told } from "./plan.ts";
import type { Seen } from "./server/site.ts";
import { Servers, type Origins } from "./servers.ts";
import { subjectsFor, type Subject } from "./subjects.ts";
import { watchProcess } from "./watch.ts";

export interface SoakOptions {
  readonly requests: number;
  readonly seed: number;
  /** Seconds after which no further call begins. */
  readonly seconds: number;
  readonly onProgress?: (done: number) => void;
}

export interface SoakResult {
  readonly calls: number;
  readonly seconds: number;
  readonly outcomes: ReadonlyMap<string, Partial<Record<Outcome, number>>>;
  /** How often each error came to a caller. */
  readonly errors: ReadonlyMap<string, number>;
  readonly seen: Seen;
  /** The same calls by the platform's fetch alone, without credentials. */
  readonly bare: Seen;
  readonly generators: Tally;
  /** Bytes in use after each part of the calls. */
  readonly heap: readonly number[];
  readonly problems: readonly string[];
}

/** How many calls are under way at once. */
const AT_ONCE = 16;
/** In how many parts the calls are made, at most; between them nothing is under way, and memory is measured. */
const PARTS = 30;
const LEAST_OF_A_PART = 50;
/** When a connection is closed and the next one opened is a matter of the moment; a leak is hundreds. */
const EXTRA_SOCKETS = AT_ONCE / 2;
/** Milliseconds after which a call that hasn't settled counts as one that never does. */
const PATIENCE = 20_000;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const began = performance.now();
  const problems: string[] = [];
  const generators: Tally = { made: 0, finished: 0 };
  const outcomes = new Map<string, Partial<Record<Outcome, number>>>();
  const errors = new Map<string, number>();
  const heap: number[] = [];
  let calls = 0;
  const isOver = (share: number): boolean => performance.now() - began > options.seconds * 1000 * share;
  using watch = watchProcess();
  await using servers = await Servers.start();
  const subjects = subjectsFor(servers.origins, generators);
  const plans = plansFor(options, Object.keys(subjects));

  for (const part of plans) {
    if (isOver(0.6)) break;
    await atOnce(part, async (plan) => {
      const subject = subjects[plan.subject];
      if (!subject) throw new Error(`There is no subject ${plan.subject}.`);
      const { outcome, why, error } = await callOf(plan, subject, servers.origins);
      const counts = outcomes.get(plan.subject) ?? {};
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      outcomes.set(plan.subject, counts);
      if (error !== undefined) errors.set(error, (errors.get(error) ?? 0) + 1);
      if (why !== undefined) problems.push(`call ${plan.id}, ${why}`);
    });
    calls += part.length;
    options.onProgress?.(calls);
    heap.push(await heapInUse());
  }
  await ended(generators);
  const seen = await servers.seen();
  const bare = await bareRun(plans.slice(0, heap.length), () => isOver(1));
  problems.push(...watch.seen, ...seen.wrong, ...bare.wrong.map((wrong) => `bare fetch: ${wrong}`));
  if (generators.made !== generators.finished) {
    problems.push(`${generators.made - generators.finished} of ${generators.made} generators are not finished`);
  }
  if (seen.sockets.most > bare.sockets.most + EXTRA_SOCKETS) {
    problems.push(`${seen.sockets.most} connections at once, where bare fetch has ${bare.sockets.most}`);
  }
  problems.push(...memoryProblem(heap));
  return {
    calls,
    seconds: (performance.now() - began) / 1000,
    outcomes,
    errors,
    seen,
    bare,
    generators,
    heap,
    problems,
  };
}

/** The same plans with nothing around the platform's fetch: what connections cost without this toolkit. */
async function bareRun(plans: readonly (readonly Plan[])[], isOver: () => boolean): Promise<Seen> {
  await using servers = await Servers.start();
  const subject: Subject = { wants: "nothing", fetch, mayBeRefused: false, shares: false };
  for (const part of plans) {
    if (isOver()) break;
    await atOnce(part, async (plan) => {
      await callOf(plan, subject, servers.origins);
    });
  }
  return await servers.seen();
}

function plansFor({ requests, seed }: SoakOptions, subjects: readonly string[]): Plan[][] {
  const random = seeded(seed);
  const all = Array.from({ length: requests }, (_, id) => planOf(id, subjects, random));
  const size = Math.max(LEAST_OF_A_PART, Math.ceil(requests / PARTS));
  return Array.from({ length: PARTS }, (_, part) => all.slice(part * size, (part + 1) * size)).filter(
    ({ length }) => length > 0,
  );
}

async function atOnce(plans: readonly Plan[], call: (plan: Plan) => Promise<void>): Promise<void> {
  const waiting = plans.values();
  const worker = async (): Promise<void> => {
    for (const plan of waiting) await call(plan);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function callOf(plan: Plan, subject: Subject, { home }: Origins): Promise<Judged> {
  const { id, faults, redirect, answer, abortAfter } = plan;
  const sending = sendingOf(plan);
  const told: Told = {
    id,
    wants: subject.wants,
    faults,
    redirect,
    returns: subject.perHop === true,
    answer,
    sha256: sending.sha256,
  };
  const url = `${home}/${plan.subject.replace(/\W+/g, "-")}?plan=${encodeURIComponent(JSON.stringify(told))}`;
  const reason = new Error("The caller gave up.");
  const controller = new AbortController();
  const abort = abortAfter === undefined ? undefined : setTimeout(() => controller.abort(reason), abortAfter);
  const patience = new AbortController();
  const settled = (async (): Promise<Judged> => {
    try {
      const signal = abortAfter === undefined ? undefined : controller.signal;
      const response = await subject.fetch(...sending.arguments(url, signal));
      return await judgeResponse(response, plan, subject, sending.sha256);
    } catch (error) {
      return judgeError(error, plan, subject, reason);
    }
  })();
  const never = sleep(PATIENCE, undefined, { signal: patience.signal }).then(
    (): Judged => ({ outcome: "wrong", why: `${plan.subject}: has not settled` }),
    (): Judged => ({ outcome: "wrong" }),
  );
  const judged = await Promise.race([settled, never]);
  clearTimeout(abort);
  patience.abort();
  return judged;
}

/** Waits for the generators of aborted calls, which are ended behind the callers' backs. */
async function ended(generators: Tally): Promise<void> {
  for (let turn = 0; turn < 100 && generators.made !== generators.finished; turn++) await sleep(20);
}
