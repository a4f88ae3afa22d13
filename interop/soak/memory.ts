// What of the memory is in use, and whether it grows.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setTimeout as sleep } from "node:timers/promises";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void; // which is there, by the flag

/** Bytes that are in use once everything that can go is gone. */
export async function heapInUse(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await sleep(5); // so that what waits for a collection (FinalizationRegistry) can go with the next
  }
  return process.memoryUsage().heapUsed;
}

/** Bytes that the last third may use over those before: what V8 keeps of code that it compiled meanwhile. */
const SLACK = 2 * 1024 * 1024;

/** What is wrong with how much is in use over time; nothing where the samples are too few to tell. */
export function memoryProblem(samples: readonly number[]): string[] {
  if (samples.length < 9) return [];
  const third = Math.floor(samples.length / 3);
  const [first, middle] = [median(samples.slice(0, third)), median(samples.slice(third, -third))];
  const last = median(samples.slice(-third));
  const before = Math.min(first, middle); // V8 lets go of code after a while, which would hide what grows
  if (last <= before + SLACK) return [];
  return [`${inMebibytes(last)} MiB are in use in the last third, after ${inMebibytes(before)}`];
}

/** Bytes in MiB, as they are shown. */
export function inMebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
