// How long this package waits for anything.
import { waitFor } from "@authflow/flow";
import { unavailable } from "./failures.ts";

/** The longest that a timer counts to, in milliseconds: 24 days and a half. One that is set to more goes off at once. */
export const LONGEST: number = 2 ** 31 - 1;

/**
 * Ends at the limit, whether or not the work heeds its signal, which aborts then.
 *
 * @param who for the error
 * @throws `ERR_AUTHFLOW_OAUTH2_UNAVAILABLE`
 */
export async function timeLimited<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limit: number,
  who: string,
): Promise<T> {
  const controller = new AbortController();
  const ended = work(controller.signal).then((result) => ({ result }));
  const inTime = await waitFor(ended, { timeLimit: Math.min(limit, LONGEST) });
  if (inTime) return inTime.result;
  controller.abort();
  throw unavailable(`${who} didn't answer within ${Math.round(limit)} ms`);
}
