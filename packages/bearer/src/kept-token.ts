import type { Challenge } from "@authflow/challenge";
import { FlowKindError, singleFlight } from "@authflow/flow";
import { credentialsOf } from "./credentials.ts";
import type { TokenSource } from "./options.ts";

/** A token that a function gave. Each is an object of its own, also where the function gives the same text again. */
export interface Token {
  /** What the Authorization field holds. */
  readonly credentials: string;
}

/** A token that a server refused. */
export interface Refusal {
  readonly token: Token;
  readonly challenge: Challenge;
}

/** The present token of a function, for requests of which one token is good for all. */
export interface KeptToken {
  /**
   * The present token, or another one if that was refused. Whoever comes while the function works waits for the same
   * answer, until their own signal aborts.
   *
   * @throws what the function throws; for as long as the back-off lasts, what it threw
   */
  get(request: Request, signal: AbortSignal | undefined, refusal?: Refusal): Promise<Token>;
  /**
   * The same for a caller that can't wait.
   * @throws `ERR_AUTHFLOW_FLOW_KIND` if the function gives a promise
   */
  getNow(request: Request, refusal?: Refusal): Token;
}

/**
 * Keeps what a function gives until a server refuses it.
 *
 * @param backOff how long it isn't asked again once it has failed, by the clock `now`
 */
export function keepToken(source: TokenSource, backOff: number, now: () => number): KeptToken {
  const shared = singleFlight<Token>();
  let present: Token | undefined;
  let challenge: Challenge | undefined;
  let failure: { readonly error: unknown; readonly until: number } | undefined;

  const presentAfter = (refusal: Refusal | undefined): Token | undefined => {
    // A straggler brings the refusal of a token that has been replaced since: no reason to ask again.
    if (refusal && refusal.token === present) {
      present = undefined;
      ({ challenge } = refusal);
    }
    if (!present && failure && now() < failure.until) throw failure.error;
    return present;
  };
  const ask = (request: Request): unknown => source(request.clone(), challenge);
  const keep = (given: unknown): Token => {
    failure = undefined;
    return (present = { credentials: credentialsOf(given) });
  };
  const failed = (error: unknown): unknown => {
    failure = { error, until: now() + backOff };
    return error;
  };

  return {
    async get(request, signal, refusal) {
      const work = async (): Promise<Token> => {
        try {
          return keep(await ask(request));
        } catch (error) {
          throw failed(error);
        }
      };
      return presentAfter(refusal) ?? shared("", work, { signal });
    },

    getNow(request, refusal) {
      const token = presentAfter(refusal);
      if (token) return token;
      let given: unknown;
      try {
        given = ask(request);
        if (!isThenable(given)) return keep(given);
      } catch (error) {
        throw failed(error);
      }
      given.then(undefined, () => {}); // which nobody waits for
      throw new FlowKindError("bearer", "sync");
    },
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}
