// The tokens of one grant, for all calls: fetched once, whoever asks, and used for as long as they work.
import { type FlowContext, InvalidOptionError, singleFlight } from "@authflow/flow";
import { type Freshness, freshnessOf } from "./freshness.ts";
import type { Grant } from "./grant.ts";
import { OAuth2Error } from "#oauth2-error";
import type { TokenOptions } from "./options.ts";
import { type Present, renewal } from "./renewal.ts";
import { tell } from "./tell.ts";
import type { TokenSet } from "./token-set.ts";

type Send = FlowContext["send"];

/** The present tokens of a grant. */
export interface KeptTokens {
  /**
   * Tokens that are good as far as anybody knows here. Whoever comes while others are fetched waits for the same answer,
   * until their own signal aborts.
   *
   * @param refused tokens that a server refused: others are wanted
   * @throws OAuth2Error, and for as long as the back-off lasts the same one
   */
  get(send: Send, signal: AbortSignal | undefined, refused?: TokenSet): Promise<TokenSet>;
  /** Takes the tokens away, here and in the store, and gives them. */
  take(): Promise<TokenSet | undefined>;
}

/** Work that is under way, and who waits for it. */
interface Flight {
  readonly key: string;
  readonly work: () => Promise<TokenSet>;
  /** Aborts when it is of no use any more. */
  readonly controller: AbortController;
  /** Everybody who waited for it has left. */
  abandoned: boolean;
  /** When it has ended, unless the runtime stopped it: a Worker does so with a call that has its response. */
  readonly deadline: number;
  waiting: number;
}

/** How much longer than its time limit work may take, in milliseconds: time limits aren't exact. */
const GRACE = 1000;

const GIVEN_UP = "The login was given up: its tokens were revoked. Make the call again.";

/** For how long a server is left alone at most that says Retry-After, in milliseconds. */
const LONGEST_BACK_OFF = 300_000;

/**
 * @param client the server and the client, for the store
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function keepTokens(
  grant: Grant,
  options: TokenOptions & { readonly timeLimit?: number | undefined },
  client: readonly unknown[],
): KeptTokens {
  const { earlyExpiry = 30, backOff = 1000, timeLimit = 10_000, waitUntil, onFailed } = options;
  const { now = Date.now, random = Math.random } = options;
  if (!(earlyExpiry >= 0 && backOff >= 0)) {
    throw new InvalidOptionError("`earlyExpiry` is a number of seconds, and `backOff` of milliseconds; 0 or more.");
  }
  const shared = singleFlight<TokenSet>();
  const jitter = random();
  let failure: { readonly error: unknown; readonly until: number } | undefined;
  let flight: Flight | undefined;
  let flights = 0;

  const freshness = (tokens: TokenSet | undefined): Freshness =>
    tokens && tokens.accessToken !== present.refused ? freshnessOf(tokens, now(), earlyExpiry * 1000, jitter) : "ended";
  const present: Present = { tokens: grant.tokens, refused: undefined, known: false, unsaved: false };
  const renewals = renewal(grant, client, options, present, (tokens) => /fresh|due/.test(freshness(tokens)));

  const begin = (send: Send, deadline: number): Flight => {
    const controller = new AbortController();
    const { signal } = controller;
    const work = async (): Promise<TokenSet> => {
      try {
        const tokens = await renewals.renew({ send, signal, deadline });
        failure = undefined;
        return tokens;
      } catch (error) {
        if (!begun.abandoned) {
          const alone = error instanceof OAuth2Error ? Math.min(error.retryAfter ?? 0, LONGEST_BACK_OFF) : 0;
          failure = { error, until: performance.now() + Math.max(backOff, alone) };
          tell(onFailed, { grant: grant.name, error, recovered: freshness(present.tokens) !== "ended" });
        }
        throw error;
      } finally {
        controller.abort();
        if (flight === begun) flight = undefined;
      }
    };
    const begun: Flight = {
      key: `${++flights}`,
      work,
      controller,
      abandoned: false,
      deadline: grant.interactive ? Infinity : deadline + GRACE,
      waiting: 0,
    };
    return begun;
  };
  const join = async (send: Send, signal?: AbortSignal): Promise<TokenSet> => {
    const deadline = performance.now() + timeLimit;
    for (;;) {
      if (!flight || performance.now() > flight.deadline) flight = begin(send, deadline);
      const joined: Flight = flight;
      joined.waiting++;
      try {
        return await shared(joined.key, joined.work, { signal });
      } catch (error) {
        // All others had left before this one came, so that it was given up.
        if (!joined.abandoned || signal?.aborted) throw error;
      } finally {
        if (--joined.waiting === 0) {
          joined.abandoned = true;
          joined.controller.abort();
        }
      }
    }
  };

  return {
    async get(send, signal, refused) {
      // A straggler brings the refusal of tokens that have been replaced since: no reason to fetch others.
      if (refused && refused.accessToken === present.tokens?.accessToken) present.refused = refused.accessToken;
      const how = freshness(present.tokens);
      const failed = failure && performance.now() < failure.until ? failure : undefined;
      // One that is late is waited for, unless the last attempt failed: then nobody waits for the next while it works. What
      // the store has comes before what the caller gave.
      if (present.tokens && present.known && (how === "fresh" || how === "due" || (how === "late" && failure))) {
        if ((how !== "fresh" || present.unsaved) && !flight && !failed) {
          tell(
            waitUntil,
            join(send).catch(() => {}), // `onFailed` knows, and the token still works
          );
        }
        return present.tokens;
      }
      try {
        if (failed) throw failed.error;
        return await join(send, signal);
      } catch (error) {
        if (signal?.aborted || !present.tokens || freshness(present.tokens) === "ended") throw error;
        return present.tokens;
      }
    },
    async take() {
      if (grant.interactive) flight?.controller.abort(new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REAUTHORIZE", GIVEN_UP));
      if (flight) await shared(flight.key, flight.work).catch(() => {});
      failure = undefined;
      return renewals.take();
    },
  };
}
