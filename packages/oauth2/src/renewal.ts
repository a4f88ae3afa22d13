// How the next tokens come, and where they are kept before anybody uses them.
import { timeLimited } from "./attempts.ts";
import type { Grant, GrantContext } from "./grant.ts";
import { type Free, lateAnswers, spend } from "./late-answers.ts";
import { OAuth2Error } from "#oauth2-error";
import type { TokenOptions } from "./options.ts";
import { tell } from "./tell.ts";
import type { TokenSet } from "./token-set.ts";
import { untilAborted } from "./until-aborted.ts";

/** The tokens that are there. */
export interface Present {
  tokens: TokenSet | undefined;
  /** The access token that a server refused last. */
  refused: string | undefined;
  /** What the store had at the start is known, if there is one. */
  known: boolean;
  /** The store failed to take the tokens. */
  unsaved: boolean;
}

/** What a renewal may use, and until when. */
export interface RenewalContext extends GrantContext {
  readonly deadline: number;
}

/** Gets tokens, one at a time. */
export interface Renewal {
  /**
   * Puts other tokens in the place of the present ones: what others have stored, if it is good; else by a refresh, else
   * from nothing.
   * @throws OAuth2Error
   */
  renew(context: RenewalContext): Promise<TokenSet>;
  /** Takes the tokens away, here and in the store, and gives them. */
  take(): Promise<TokenSet | undefined>;
}

/** How much later than the attempts everything else ends, in milliseconds. */
const AFTER = 100;

/**
 * @param client the server and the client, for the store
 * @param isGood whether tokens may be used without haste
 */
export function renewal(
  grant: Grant,
  client: readonly unknown[],
  options: TokenOptions & { readonly timeLimit?: number | undefined },
  present: Present,
  isGood: (tokens: TokenSet) => boolean,
): Renewal {
  const { onRefreshed, onReauthorize, timeLimit = 10_000 } = options;
  const stored = options.store?.({
    identity: [grant.name, ...grant.identity],
    client: [grant.name, ...client],
    given: grant.tokens?.refreshToken,
  });
  present.known = !stored;
  /** Why only a new login helps. */
  let ended: OAuth2Error | undefined;
  /** Whether tokens that came by a refresh, or not by one, are still to be told of. */
  let untold: boolean | undefined;
  const late = lateAnswers();
  /** How often the tokens were taken away. */
  let taken = 0;

  const save = async (tokens: TokenSet): Promise<TokenSet> => {
    let kept = tokens;
    if (stored) {
      const isBetter = (theirs: TokenSet): boolean =>
        isGood(theirs) && (theirs.issuedAt ?? Infinity) > (tokens.issuedAt ?? 0);
      present.unsaved = true;
      kept = await timeLimited(() => stored.save(tokens, isBetter), timeLimit, "The token store");
      present.unsaved = false;
      present.tokens = kept;
    }
    if (untold !== undefined) {
      tell(onRefreshed, { grant: grant.name, refreshed: untold, expiresAt: kept.expiresAt, scope: kept.scope });
    }
    untold = undefined;
    return kept;
  };
  const came = async (tokens: TokenSet, refreshed: boolean): Promise<TokenSet> => {
    // Here first: if the store fails, the old ones are worth nothing any more.
    present.tokens = tokens;
    present.refused = ended = undefined;
    untold = refreshed;
    return save(tokens);
  };
  const fromOthers = async (signal: AbortSignal): Promise<TokenSet | undefined> => {
    // Ours are newer, and the store has yet to take them.
    if (!stored || present.unsaved) return undefined;
    const news = await stored.news(signal);
    const isNew = news !== undefined || !present.known;
    present.known = true;
    if (news) present.tokens = news.tokens;
    if (news?.tokens?.refreshToken) ended = undefined;
    const { tokens } = present;
    return isNew && tokens && isGood(tokens) ? tokens : undefined;
  };
  const reauthorize = (error: OAuth2Error): OAuth2Error => {
    if (!ended) tell(onReauthorize, { grant: grant.name, error });
    return (ended ??= error);
  };

  /** Takes what a grant brings, unless the tokens were given up meanwhile. */
  const bring = async (
    context: GrantContext,
    free: Free,
    refreshed: boolean,
    work: (context: GrantContext) => Promise<TokenSet>,
  ): Promise<TokenSet> => {
    const before = taken;
    const tokens = await spend(context, free, work);
    if (before !== taken) context.signal.throwIfAborted();
    return came(tokens, refreshed);
  };
  const obtain = async (context: GrantContext, free: Free, by: NonNullable<Grant["obtain"]>): Promise<TokenSet> => {
    try {
      return await bring(context, free, false, by);
    } catch (error) {
      throw isFinal(error) ? reauthorize(error) : error;
    }
  };
  /** What comes without a person; `undefined`: they have to be asked. */
  const next = async (
    context: GrantContext,
    free: Free,
    assertHeld?: () => Promise<void>,
  ): Promise<TokenSet | undefined> => {
    if (present.unsaved && present.tokens) {
      const kept = await save(present.tokens);
      if (isGood(kept)) return kept;
    }
    const from = present.tokens;
    const refresh = from?.refreshToken ? grant.refresh?.bind(grant) : undefined;
    if (from && refresh) {
      await assertHeld?.();
      context.signal.throwIfAborted();
      try {
        return await bring(context, free, true, (inner) => refresh(inner, from));
      } catch (error) {
        if (!isFinal(error)) throw error;
        // So that nobody tries it again; unless somebody else was quicker, and has better ones.
        const rest = { ...from, refreshToken: undefined };
        present.tokens = rest;
        const kept = await save(rest);
        if (kept !== rest) return kept;
        if (!grant.obtain || grant.interactive) reauthorize(error);
      }
    }
    const by = grant.obtain?.bind(grant);
    if (!by) throw reauthorize(ended ?? noRefreshToken());
    return grant.interactive ? undefined : obtain(context, free, by);
  };
  const alone = async (context: RenewalContext, free: Free): Promise<TokenSet | undefined> => {
    const { deadline, signal } = context;
    const others = await fromOthers(signal);
    if (others) return others;
    if (!stored) return next(context, free);
    return stored.exclusively(
      deadline,
      signal,
      async (assertHeld) => (await fromOthers(signal)) ?? next(context, free, assertHeld),
    );
  };

  return {
    async renew(context) {
      const left = (): number => context.deadline - performance.now();
      const before = late.pending();
      if (before) {
        try {
          const tokens = await timeLimited(() => before, left());
          if (tokens) return tokens;
        } catch (error) {
          // It is still under way, or has shown that only a new login helps.
          if (late.pending() || isFinal(error)) throw error;
        }
      }
      // A store or a function of the caller may hang, too; the attempts have their own time limit, which ends before.
      const tokens = await timeLimited(
        () => late.freed((free) => alone(context, free)),
        left() + AFTER,
        "What tokens are made with or stored in",
      );
      const by = grant.obtain?.bind(grant);
      if (tokens || !by) return tokens as TokenSet; // a person is asked by `obtain`
      const { signal } = context;
      signal.throwIfAborted();
      // No lock is held while a person is asked: others may log in meanwhile, and need not wait for them.
      return untilAborted(
        late.freed((free) => obtain({ ...context, deadline: undefined }, free, by)),
        signal,
      );
    },
    async take() {
      const end = performance.now() + timeLimit;
      const before = late.pending();
      if (before) await timeLimited(() => before, timeLimit).catch(() => {});
      const { signal } = new AbortController();
      const theirs =
        stored &&
        (await timeLimited(
          () => stored.exclusively(end, signal, () => stored.take()),
          end - performance.now() + AFTER,
          "The token store",
        ));
      taken++;
      const tokens = (!present.unsaved && theirs) || present.tokens;
      present.tokens = untold = undefined;
      present.unsaved = false;
      return tokens;
    },
  };
}

const isFinal = (error: unknown): error is OAuth2Error =>
  error instanceof OAuth2Error && error.code === "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE";

const noRefreshToken = (): OAuth2Error =>
  new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE",
    "The access token is of no use any more, and there is no refresh token. Only a new login helps.",
  );
