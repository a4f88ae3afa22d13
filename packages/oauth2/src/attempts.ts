// How an authorization server that is down, slow or busy is asked again.
import type { Client } from "./client.ts";
import type { GrantContext } from "./grant.ts";
import type { OAuth2Error } from "#oauth2-error";
import { LATEST } from "./shared-work.ts";
import { isUnavailable, unavailable } from "./unavailable.ts";
import { delay, timeLimited } from "./wait.ts";

/** The wait before the second attempt, in milliseconds; each further one is twice as long, up to the longest. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

/** The share of the limit that is left to what comes after an answer. With no more than that before it none is begun. */
const LEAST_SHARE = 1 / 20;

/** Errors of requests that never left this machine. */
export const unsent: WeakSet<OAuth2Error> = new WeakSet();

/**
 * Whether the server surely didn't do what it was asked for: it wasn't reached, or said so. No answer is none, and status 504
 * is somebody else's who had none (RFC 9110 §15.6.5).
 */
const wasntDone = (error: OAuth2Error): boolean => unsent.has(error) || (error.status ?? 504) !== 504;

/**
 * Tries until it works, fails for good or takes too long. One attempt gets half of the limit at most, so that one that hangs
 * leaves room for another.
 *
 * @param spends whether an attempt spends what is good once: then there is another one only if the server surely didn't do
 *   what the one before asked for, and each may take all the time that is left
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`, what the work throws for good, and what the context's signal was aborted with
 */
export async function attempts<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signal, once, spend, deadline: end }: GrantContext,
  { timeLimit, random }: Pick<Client, "timeLimit" | "random">,
  spends = false,
): Promise<T> {
  const deadline = end ?? performance.now() + timeLimit;
  const least = timeLimit * LEAST_SHARE;
  const left = (): number => deadline - least - performance.now();
  let failure: OAuth2Error | undefined;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    signal.throwIfAborted();
    if (left() < least) {
      throw failure ?? unavailable("Nearly all of the time limit was over before the authorization server was asked");
    }
    if (spends) await spend?.();
    try {
      const most = spends ? left() + (spend ? least + LATEST : 0) : Math.min(timeLimit / 2, left());
      return await timeLimited(work, most, "The authorization server");
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      // Somewhere between half of it and all, so that those who failed together don't come back together.
      const pause = Math.max(error.retryAfter ?? 0, wait * (0.5 + random() / 2));
      if (once || (spends && !wasntDone(error)) || pause > left() - least) throw error;
      failure = error;
      await delay(pause, signal);
    }
  }
}
