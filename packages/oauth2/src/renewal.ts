// How the next tokens come, and where they are kept before anybody uses them.
import type { Grant, GrantContext } from "./grant.ts";
import { OAuth2Error } from "#oauth2-error";
import type { TokenOptions } from "./options.ts";
import { tell } from "./tell.ts";
import type { TokenSet } from "./token-set.ts";

/** The tokens that are there. */
export interface Present {
  tokens: TokenSet | undefined;
  /** The access token that a server refused last. */
  refused: string | undefined;
}

/** Gets tokens, one at a time. */
export interface Renewal {
  /**
   * Puts other tokens in the place of the present ones: what others have stored, if it is good; else by a refresh, else
   * from nothing.
   * @throws OAuth2Error
   */
  renew(context: GrantContext): Promise<TokenSet>;
  /** Takes the tokens away, here and in the store, and gives them. */
  take(): Promise<TokenSet | undefined>;
}

/** @param isGood whether tokens may be used without haste */
export function renewal(
  grant: Grant,
  options: TokenOptions,
  present: Present,
  isGood: (tokens: TokenSet) => boolean,
): Renewal {
  const stored = options.store?.([grant.name, ...grant.identity]);
  /** Why only a new login helps. */
  let ended: OAuth2Error | undefined;
  /** The store failed to take the present tokens. */
  let unsaved = false;

  const save = async (tokens: TokenSet): Promise<TokenSet> => {
    unsaved = true;
    const kept = (await stored?.save(tokens, isGood)) ?? tokens;
    unsaved = false;
    present.tokens = kept;
    return kept;
  };
  const came = async (tokens: TokenSet, refreshed: boolean): Promise<TokenSet> => {
    // Here first: if the store fails, the old ones are worth nothing any more.
    present.tokens = tokens;
    present.refused = ended = undefined;
    const { expiresAt, scope } = await save(tokens);
    tell(options.onRefreshed, { grant: grant.name, refreshed, expiresAt, scope });
    return present.tokens;
  };
  const fromOthers = async (): Promise<TokenSet | undefined> => {
    const news = await stored?.news();
    if (!news) return undefined;
    const { tokens } = news;
    present.tokens = tokens;
    if (tokens?.refreshToken) ended = undefined;
    return tokens && isGood(tokens) ? tokens : undefined;
  };
  const reauthorize = (error: OAuth2Error): OAuth2Error => {
    if (!ended) tell(options.onReauthorize, { grant: grant.name, error });
    return (ended ??= error);
  };

  const next = async (context: GrantContext, unlock?: () => Promise<void>): Promise<TokenSet> => {
    if (unsaved && present.tokens) await save(present.tokens);
    const from = present.tokens;
    if (from?.refreshToken && grant.refresh) {
      try {
        return await came(await grant.refresh(context, from), true);
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
    if (!grant.obtain) throw reauthorize(ended ?? noRefreshToken());
    // Others may log in meanwhile, and need not wait for a person.
    if (grant.interactive) await unlock?.();
    try {
      return await came(await grant.obtain(context), false);
    } catch (error) {
      throw isFinal(error) ? reauthorize(error) : error;
    }
  };

  return {
    async renew(context) {
      const others = await fromOthers();
      if (others) return others;
      if (!stored) return next(context);
      return stored.exclusively(
        context.deadline,
        context.signal,
        async (unlock) => (await fromOthers()) ?? next(context, unlock),
      );
    },
    async take() {
      await fromOthers();
      const { tokens } = present;
      present.tokens = undefined;
      await stored?.save(undefined, () => false);
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
