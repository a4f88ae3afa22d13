// Requests that spend something go on after the time limit, when nobody waits any more: what they bring is kept.
import { LATEST } from "./attempts.ts";
import type { GrantContext } from "./grant.ts";
import type { TokenSet } from "./token-set.ts";

/** Frees those who wait, with an error: what the work still waits for comes too late for them. */
export type Free = (error: unknown) => void;

/** Work that may end after those who wait for it were freed. */
export interface LateAnswers {
  /** Waits for work until it ends, or frees those who wait. */
  freed<T extends TokenSet | undefined>(work: (free: Free) => Promise<T>): Promise<T>;
  /** The work of which nothing is left but an answer that is late: until it ends, nobody may spend what it has spent. */
  pending(): Promise<TokenSet | undefined> | undefined;
}

/** How much longer than it may take such work is believed in: a runtime may have stopped it. In milliseconds. */
const GRACE = 1000;

export function lateAnswers(): LateAnswers {
  let late: { readonly work: Promise<TokenSet | undefined>; readonly until: number } | undefined;
  return {
    freed: (work) =>
      new Promise((resolve, reject) => {
        const whole = work((error) => {
          late = { work: whole, until: performance.now() + LATEST + GRACE };
          reject(error);
        }).finally(() => {
          if (late?.work === whole) late = undefined;
        });
        whole.then(resolve, reject);
      }),
    pending: () => (late && performance.now() < late.until ? late.work : undefined),
  };
}

/** Lets a grant work. Those who wait are freed at the time limit, and what comes later comes here all the same. */
export async function spend(
  context: GrantContext,
  free: Free,
  work: (context: GrantContext) => Promise<TokenSet>,
): Promise<TokenSet> {
  const handed: { tokens?: Promise<TokenSet> } = {};
  try {
    return await work({ ...context, late: (tokens) => void (handed.tokens = tokens) });
  } catch (error) {
    if (!handed.tokens) throw error;
    free(error);
    return handed.tokens;
  }
}
