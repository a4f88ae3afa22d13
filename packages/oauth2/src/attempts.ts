// How an authorization server that is down, slow or busy is asked again.
import { delay, LONGEST } from "./delay.ts";
import { OAuth2Error } from "#oauth2-error";

/** The wait before the second attempt, in milliseconds; each further one is twice as long, up to the longest. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

/** With a smaller share of the limit left no attempt is begun: it would hardly be answered in time. */
const LEAST_SHARE = 1 / 20;

/** How long what spends something may go on after the time limit, in milliseconds. */
export const LATEST = 60_000;

/** How long it may go on. */
export interface Budget<T> {
  /** In milliseconds, for all attempts. */
  readonly limit: number;
  /** When it ends at the latest, by `performance.now()`. Default: `limit` from now. */
  readonly deadline: number | undefined;
  /** Aborts when nobody is interested any more: the attempt that is under way goes on, no further one is made. */
  readonly signal: AbortSignal;
  /** Whether there is one attempt, because the caller tries again at its own pace. Default: `false`. */
  readonly once?: boolean | undefined;
  readonly random: () => number;
  /**
   * Whether an attempt spends what is good once: then there is another one only if the server surely didn't do what the one
   * before asked for, and each may take all the time that is left. Default: `false`.
   */
  readonly spends?: boolean | undefined;
  /** Takes what becomes of an attempt that spends something and has no answer when the limit ends. */
  readonly late?: Late<T> | undefined;
}

type Late<T> = (rest: Promise<T>) => void;

/** Errors of requests that never left this machine. */
const unsent = new WeakSet<OAuth2Error>();

/** The error after which another attempt may do better. */
export const unavailable = (
  what: string,
  options: Omit<ConstructorParameters<typeof OAuth2Error>[2] & object, "cause"> = {},
): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_UNAVAILABLE", `${what}. Try again later, or raise \`timeLimit\`.`, options);

/** Says that the request was never sent. */
export function markUnsent(error: OAuth2Error): OAuth2Error {
  unsent.add(error);
  return error;
}

/**
 * Whether the server surely didn't do what it was asked for: it wasn't reached, or said so. No answer is none, and status 504
 * is somebody else's who had none (RFC 9110 §15.6.5).
 */
const wasntDone = (error: OAuth2Error): boolean => unsent.has(error) || (error.status ?? 504) !== 504;

/**
 * Tries until it works, fails for good or takes too long. One attempt gets half of the limit at most, so that one that hangs
 * leaves room for another.
 *
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`, what the work throws for good, and what the signal was aborted with
 */
export async function attempts<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { limit, deadline = performance.now() + limit, signal, once, random, spends = false, late }: Budget<T>,
): Promise<T> {
  const left = (): number => deadline - performance.now();
  const least = limit * LEAST_SHARE;
  let failure: OAuth2Error | undefined;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    signal.throwIfAborted();
    if (left() < least) {
      throw failure ?? unavailable("Nearly all of the time limit was over before the authorization server was asked");
    }
    try {
      return await timeLimited(
        work,
        Math.min(spends ? limit : limit / 2, left()),
        undefined,
        spends ? late : undefined,
      );
    } catch (error) {
      if (!(error instanceof OAuth2Error) || error.code !== "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE") throw error;
      // Somewhere between half of it and all, so that those who failed together don't come back together.
      const pause = Math.max(error.retryAfter ?? 0, wait * (0.5 + random() / 2));
      if (once || (spends && !wasntDone(error)) || pause > left() - least) throw error;
      failure = error;
      await delay(pause, signal);
    }
  }
}

/**
 * Ends at the limit, whether or not the work heeds its signal.
 *
 * @param late takes the work then, instead of its being aborted at once
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`
 */
export async function timeLimited<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limit: number,
  who = "The authorization server",
  late?: Late<T>,
): Promise<T> {
  const controller = new AbortController();
  const running = work(controller.signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(unavailable(`${who} didn't answer within ${Math.round(limit)} ms`));
        if (!late) return controller.abort();
        const rest = timeLimited((signal) => {
          signal.addEventListener("abort", () => controller.abort());
          return running;
        }, LATEST);
        rest.catch(() => {}); // whoever takes it hears of it
        late(rest);
      },
      Math.min(limit, LONGEST),
    );
  });
  try {
    return await Promise.race([running, expired]);
  } finally {
    clearTimeout(timer);
  }
}
