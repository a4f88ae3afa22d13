// How an authorization server that is down, slow or busy is asked again.
import { delay } from "./delay.ts";
import { OAuth2Error } from "./oauth2-error.ts";

/** The wait before the second attempt, in milliseconds; each further one is twice as long, up to the longest. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

/** Says that another attempt may do better. It never leaves this file and those that throw it. */
export class Unavailable extends Error {
  readonly url: string | undefined;
  /** What happened, as the end of a sentence that begins with the URL. */
  readonly what: string;
  readonly status: number | undefined;
  /** How many milliseconds the server wants us to wait (RFC 9110 §10.2.3). */
  readonly wait: number | undefined;

  constructor(url: string | undefined, what: string, status?: number, wait?: number) {
    super();
    this.url = url;
    this.what = what;
    this.status = status;
    this.wait = wait;
  }
}

/** How long it may go on. */
export interface Budget {
  /** In milliseconds, for all attempts. */
  readonly limit: number;
  /** When it ends at the latest, by `performance.now()`. Default: `limit` from now. */
  readonly deadline: number | undefined;
  /** Aborts when nobody is interested any more: the attempt that is under way goes on, no further one is made. */
  readonly signal: AbortSignal;
  readonly random: () => number;
}

/**
 * Tries until it works, fails for good or takes too long. One attempt gets half of the limit at most.
 *
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`, and what the work throws for good
 */
export async function attempts<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { limit, deadline = performance.now() + limit, signal, random }: Budget,
): Promise<T> {
  const left = (): number => deadline - performance.now();
  let wait = FIRST_WAIT;
  for (;;) {
    try {
      return await timeLimited(work, Math.max(Math.min(limit / 2, left()), 0));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const { url, what, status } = error;
      // Somewhere between half of it and all, so that those who failed together don't come back together.
      const pause = error.wait ?? wait * (0.5 + random() / 2);
      if (signal.aborted || pause >= left()) {
        throw new OAuth2Error(
          "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE",
          `${url ?? "The authorization server"} ${what}, and the time limit leaves no room for another attempt. Try again later, or raise \`timeLimit\`.`,
          { url, status },
        );
      }
      await delay(pause, signal);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }
}

/** Ends at the limit, whether or not the fetch inside heeds its signal. */
async function timeLimited<T>(work: (signal: AbortSignal) => Promise<T>, limit: number): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unavailable(undefined, `didn't answer within ${Math.round(limit)} ms`));
      controller.abort();
    }, limit);
  });
  try {
    return await Promise.race([work(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
