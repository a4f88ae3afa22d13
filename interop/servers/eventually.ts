import { setTimeout as pause } from "node:timers/promises";

/** In milliseconds. Starting a server takes a fifth of a second, and more where every processor is busy. */
const LIMIT = 20_000;
const PAUSE = 5;

/** Tries until there is something, for twenty seconds at most. */
export async function eventually<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + LIMIT; performance.now() < end; await pause(PAUSE)) {
    const found = await attempt();
    if (found !== undefined) return found;
  }
  throw new Error(`Within ${LIMIT / 1000} seconds, ${what}.`);
}
