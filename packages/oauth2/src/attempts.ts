// How an authorization server that is down, slow or busy is asked again.
import { delay } from "./delay.ts";
import { OAuth2Error } from "#oauth2-error";

/** The wait before the second attempt, in milliseconds; each further one is twice as long, up to the longest. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

/** How long it may go on. */
export interface Budget {
  /** In milliseconds, for all attempts. */
  readonly limit: number;
  /** When it ends at the latest, by `performance.now()`. Default: `limit` from now. */
  readonly deadline: number | undefined;
  /** Aborts when nobody is interested any more: the attempt that is under way goes on, no further one is made. */
  readonly signal: AbortSignal;
  /** Whether there is one attempt, because the caller tries again at its own pace. Default: `false`. */
  readonly once?: boolean | undefined;
  readonly random: () => number;
}

/** The error after which another attempt may do better. */
export const unavailable = (
  what: string,
  options: Omit<ConstructorParameters<typeof OAuth2Error>[2] & object, "cause"> = {},
): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_UNAVAILABLE", `${what}. Try again later, or raise \`timeLimit\`.`, options);

/**
 * Tries until it works, fails for good or takes too long. One attempt gets half of the limit at most.
 *
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`, what the work throws for good, and what the signal was aborted with
 */
export async function attempts<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { limit, deadline = performance.now() + limit, signal, once, random }: Budget,
): Promise<T> {
  const left = (): number => deadline - performance.now();
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    signal.throwIfAborted();
    try {
      return await timeLimited(work, Math.max(Math.min(limit / 2, left()), 0));
    } catch (error) {
      if (!(error instanceof OAuth2Error) || error.code !== "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE") throw error;
      // Somewhere between half of it and all, so that those who failed together don't come back together.
      const pause = error.retryAfter ?? wait * (0.5 + random() / 2);
      if (once || pause >= left()) throw error;
      await delay(pause, signal);
    }
  }
}

/**
 * Ends at the limit, whether or not the work heeds its signal.
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`
 */
export async function timeLimited<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limit: number,
  who = "The authorization server",
): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(unavailable(`${who} didn't answer within ${Math.round(limit)} ms`));
      controller.abort();
    }, limit);
  });
  try {
    return await Promise.race([work(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
