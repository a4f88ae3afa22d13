// Work that is done once, whoever needs it, and that belongs to nobody.
import { type FlowContext, waitFor } from "@authflow/flow";
import { OAuth2Error } from "#oauth2-error";
import { unavailable } from "./failures.ts";
import type { GrantContext } from "./grant.ts";
import type { RenewalContext } from "./token-place.ts";

/** Work that is done once for all who come while it is under way. */
export interface SharedWork<T> {
  /** Nothing is under way, and no failure is so young that calls get its error. */
  isIdle(): boolean;
  /** Whether it failed the last time. */
  hasFailed(): boolean;
  /**
   * Waits for the work, which begins if it isn't under way.
   *
   * @param signal ends this wait, and no other; the time limit does, too
   * @throws what the work throws, and for as long as the back-off lasts the same again
   */
  join(send: FlowContext["send"], signal?: AbortSignal): Promise<T>;
  /** Waits for what is under way, if anything: until it ends, well or not, or the time limit does. */
  settled(): Promise<unknown>;
  /** Forgets the failure, and gives up what is under way: if that fails, too, those who wait for it begin anew. */
  forgive(): void;
}

/** How long it is waited for. */
export interface SharedWorkOptions {
  /** How long a wait lasts at most, in milliseconds, and how long the work may take. */
  readonly timeLimit: number;
  /** How long a failure lasts, in milliseconds, if the server doesn't say Retry-After. */
  readonly backOff: number;
  /** Told of what those who wait get, once for all. */
  readonly onFailed?: (error: unknown) => void;
}

/** How long what spends something may go on after the time limit, in milliseconds. */
export const LATEST = 60_000;

/** For how long a server is left alone at most that says Retry-After, in milliseconds. */
const LONGEST_BACK_OFF = 300_000;

/** Work that is under way, and how many wait for it. */
interface Flight<T> {
  readonly result: Promise<T>;
  /** Aborts when nobody waits any more, or what comes of it is of no use. */
  readonly controller: AbortController;
  waiting: number;
  /** Its failure was told. */
  isTold: boolean;
  /** When it has ended, unless the runtime stopped it: a Worker does so with a call that has its response. */
  until: number;
}

/** What is neither over nor forgotten. */
const lasting = <L extends { readonly until: number }>(one: L | undefined): L | undefined =>
  one && performance.now() < one.until ? one : undefined;

export function sharedWork<T extends object>(
  work: (context: GrantContext & RenewalContext) => Promise<T>,
  { timeLimit, backOff, onFailed }: SharedWorkOptions,
): SharedWork<T> {
  let flight: Flight<T> | undefined;
  let failure: { readonly error: unknown; readonly until: number } | undefined;

  const begin = (send: FlowContext["send"], deadline: number): Flight<T> => {
    const controller = new AbortController();
    const spend = async (): Promise<void> => void (begun.until = deadline + LATEST);
    const result = Promise.resolve({ send, signal: controller.signal, deadline, spend })
      .then(work)
      .then((done) => {
        failure = undefined;
        return done;
      })
      .finally(() => {
        if (flight === begun) flight = undefined;
      });
    const begun: Flight<T> = { result, controller, waiting: 0, isTold: false, until: deadline };
    return begun;
  };

  const fail = (error: unknown): void => {
    const alone = error instanceof OAuth2Error ? (error.retryAfter ?? 0) : 0;
    failure = { error, until: performance.now() + Math.max(backOff, Math.min(alone, LONGEST_BACK_OFF)) };
    onFailed?.(error);
  };

  return {
    isIdle: () => !lasting(flight) && !lasting(failure),
    hasFailed: () => Boolean(failure),
    async join(send, signal) {
      signal?.throwIfAborted();
      const failed = lasting(failure);
      if (failed) throw failed.error;
      const end = performance.now() + timeLimit;
      for (;;) {
        const joined = (flight = lasting(flight) ?? begin(send, end));
        let isOver = false;
        joined.waiting++;
        try {
          const result = await waitFor(joined.result, {
            signal,
            timeLimit: end - performance.now(),
          });
          if (result) return result;
          isOver = true;
          // What spends something goes on, and those who come later wait for it. Nobody waits for anything else.
          if (flight === joined && joined.until <= end) flight = undefined;
          throw unavailable(`No token came within ${timeLimit} ms`);
        } catch (error) {
          if (signal?.aborted) throw error;
          // It was given up, as when all others had left before this one came: so this one begins anew, behind it.
          if (joined.controller.signal.aborted && !isOver) continue;
          if (!joined.isTold) fail(error);
          joined.isTold = true;
          throw error;
        } finally {
          if (--joined.waiting === 0) joined.controller.abort();
        }
      }
    },
    settled: async () => flight && waitFor(flight.result, { timeLimit }).catch(() => {}),
    forgive() {
      failure = undefined;
      flight?.controller.abort();
    },
  };
}
