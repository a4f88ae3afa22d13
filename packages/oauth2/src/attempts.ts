// How an authorization server that is down, slow or busy is asked again.
import { waitFor } from "@authflow/flow";
import type { Client } from "./client.ts";
import type { GrantContext } from "./grant.ts";
import type { OAuth2Error } from "#oauth2-error";
import { LATEST } from "./shared-work.ts";
import { isUnavailable, unavailable } from "./failures.ts";
import { timeLimited } from "./wait.ts";

/** The wait before the second attempt, in milliseconds; each further one is twice as long, up to the longest. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

/** The share of the limit that is left to what comes after an answer. With no more than that before it none is begun. */
const LEAST_SHARE = 1 / 20;

/**
 * Tries until it works, fails for good or takes too long. One attempt gets half of the limit at most, so that one that hangs
 * leaves room for another.
 *
 * @param isUnspent given where an attempt spends what is good once: then there is another one only if it holds for the error of
 *   the one before, and each may take all the time that is left
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`, what the work throws for good, and what the context's signal was aborted with
 */
export async function attempts<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signal, once, spend, deadline: end }: GrantContext,
  { timeLimit, random }: Pick<Client, "timeLimit" | "random">,
  isUnspent?: (error: OAuth2Error) => boolean,
): Promise<T> {
  const deadline = end ?? performance.now() + timeLimit;
  const least = timeLimit * LEAST_SHARE;
  const left = (): number => deadline - least - performance.now();
  let failure: OAuth2Error | undefined;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    if (isUnspent) await spend?.(); // first, since it may take its time
    signal.throwIfAborted();
    if (left() < least) {
      throw failure ?? unavailable("Too little of the time limit is left to ask the authorization server");
    }
    try {
      const most = isUnspent ? left() + (spend ? least + LATEST : 0) : Math.min(timeLimit / 2, left());
      return await timeLimited(work, most, "The authorization server");
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      // Somewhere between half of it and all, so that those who failed together don't come back together.
      const pause = Math.max(error.retryAfter ?? 0, wait * (0.5 + random() / 2));
      if (once || (isUnspent && !isUnspent(error)) || pause > left() - least) throw error;
      failure = error;
      await waitFor(new Promise(() => {}), { signal, timeLimit: pause });
    }
  }
}
