// The tokens of one grant, for all calls: fetched once, whoever asks, and used for as long as they work.
import type { FlowContext } from "@authflow/flow";
import { assertOption } from "./assert-option.ts";
import type { Client } from "./client.ts";
import { ENDED, type Freshness, FRESH, freshnessOf, LATE } from "./freshness.ts";
import type { Grant, GrantContext } from "./grant.ts";
import type { OAuth2Error } from "#oauth2-error";
import type { TokenOptions } from "./options.ts";
import { needsLogin, reauthorize } from "./failures.ts";
import { sharedWork } from "./shared-work.ts";
import { tell } from "./tell.ts";
import { inMemory } from "./token-place.ts";
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
  /** Takes the tokens away, and gives them. */
  take(): Promise<TokenSet | undefined>;
}

/** Tokens whose grant may change, as when a person has said yes. */
export interface RenewableTokens extends KeptTokens {
  /** Forgets that no tokens could be had, also for calls that are just finding that out. */
  forgive(): void;
}

/** @throws `ERR_AUTHFLOW_INVALID_OPTION` */
export function keepTokens(grant: Grant, options: TokenOptions, client: Client): RenewableTokens {
  const { earlyExpiry = 30, backOff = 1000, waitUntil, store = inMemory } = options;
  const { onFailed, onRefreshed, onReauthorize } = options;
  const { now, random, timeLimit, identity, secret } = client;
  const { name, tokens: given, refresh } = grant;
  assertOption(
    earlyExpiry >= 0 && backOff >= 0,
    "`earlyExpiry` in seconds and `backOff` in milliseconds are 0 or more.",
  );
  assertOption(typeof store === "function", "`store` is no store, such as `fileStore(path)` makes.");
  const jitter = random();
  /** The access token that a server refused last. */
  let refusedToken: string | undefined;
  /** Why only a new login helps. */
  let lost: OAuth2Error | undefined;
  /** How often the tokens were taken away. */
  let taken = 0;

  const freshness = (tokens: TokenSet | undefined): Freshness =>
    // An empty one stands for none: a refresh token was given, or left, alone.
    tokens?.accessToken && tokens.accessToken !== refusedToken
      ? freshnessOf(tokens, now(), earlyExpiry * 1000, jitter)
      : ENDED;
  const place = store({
    identity: [name, ...identity, secret, ...grant.identity],
    client: [name, ...identity],
    tokens: given,
    timeLimit,
    isGood: (tokens) => freshness(tokens) < LATE,
  });

  /** Tells, once, that only a new login helps. */
  const onlyLogin = (error: OAuth2Error): OAuth2Error => {
    if (!lost) tell(onReauthorize, { grant: name, error });
    return (lost ??= error);
  };
  /** By the refresh token, if there is one that is of use; else from nothing, if the grant can. */
  const getNext = async (context: GrantContext): Promise<TokenSet> => {
    const before = taken;
    const put = (tokens: TokenSet, refreshed: boolean): Promise<TokenSet> => {
      // They were given up meanwhile, so that nobody wants them.
      if (before !== taken) context.signal.throwIfAborted();
      refusedToken = lost = undefined;
      return place.put(tokens, ({ expiresAt, scope }) =>
        tell(onRefreshed, { grant: name, refreshed, expiresAt, scope }),
      );
    };
    const { tokens } = place;
    if (tokens?.refreshToken && refresh) {
      lost = undefined;
      try {
        return await put(await refresh(context, tokens), true);
      } catch (error) {
        if (!needsLogin(error)) throw error;
        // So that nobody tries it again; unless somebody else was quicker, and has better ones.
        const rest = { ...tokens, refreshToken: undefined };
        const there = await place.put(rest);
        if (there !== rest) return there;
        if (!grant.obtain) throw onlyLogin(error);
      }
    }
    if (!grant.obtain) {
      throw lost ?? onlyLogin(reauthorize("The access token is of no use any more, and there is no refresh token"));
    }
    try {
      return await put(await grant.obtain(context), false);
    } catch (error) {
      throw needsLogin(error) ? onlyLogin(error) : error;
    }
  };
  const renewal = sharedWork((context) => place.renew(context, getNext), {
    timeLimit,
    backOff,
    onFailed: (error) => tell(onFailed, { grant: name, error, recovered: freshness(place.tokens) < ENDED }),
  });

  return {
    async get(send, signal, refused) {
      // A straggler brings the refusal of tokens that have been replaced since: no reason to fetch others.
      if (refused && refused.accessToken === place.tokens?.accessToken) refusedToken = refused.accessToken;
      const { tokens } = place;
      const how = Math.max(freshness(tokens), place.freshness);
      // One that is late is waited for, unless the last attempt failed: then nobody waits for the next while it works.
      if (tokens && (how < LATE || (how === LATE && renewal.hasFailed()))) {
        if (how > FRESH && renewal.isIdle()) {
          tell(
            waitUntil,
            renewal.join(send).catch(() => {}), // `onFailed` knows, and the token still works
          );
        }
        return tokens;
      }
      try {
        return await renewal.join(send, signal);
      } catch (error) {
        if (!place.tokens || freshness(place.tokens) === ENDED) throw error;
        return place.tokens;
      }
    },
    forgive() {
      lost = undefined;
      renewal.forgive();
    },
    async take() {
      await renewal.settled();
      const tokens = await place.take();
      taken++;
      renewal.forgive();
      return tokens;
    },
  };
}
