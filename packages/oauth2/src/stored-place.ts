// Tokens that are in a store, too: what is there comes first, and nothing is used before it is there.
import { DUE, FRESH, LATE } from "./freshness.ts";
import type { StoreBackend } from "./store-backend.ts";
import { exclusively } from "./store-lock.ts";
import type { StoredTokens } from "./stored-tokens.ts";
import type { PlacedGrant, TokenPlace, WhenThere } from "./token-place.ts";
import type { TokenSet } from "./token-set.ts";
import { timeLimited } from "./wait.ts";

/** For errors. */
const STORE = "The token store";

export function storedPlace(
  backend: StoreBackend,
  stored: StoredTokens,
  { tokens: given, timeLimit, isGood }: PlacedGrant,
): TokenPlace {
  let tokens = given;
  /** What the store had at the start is known. */
  let known = false;
  /** The store has yet to take the tokens. */
  let unsaved = false;

  /** Who is to be told when it has. */
  let told: WhenThere | undefined;

  const put = async (ours: TokenSet, whenThere = told): Promise<TokenSet> => {
    told = whenThere;
    // Here first: if the store fails, the old ones are worth nothing any more.
    tokens = ours;
    unsaved = true;
    const isBetter = (theirs: TokenSet): boolean =>
      isGood(theirs) && (theirs.issuedAt ?? Infinity) > (ours.issuedAt ?? 0);
    tokens = await timeLimited(() => stored.save(ours, isBetter), timeLimit, STORE);
    unsaved = false;
    told?.(tokens);
    told = undefined;
    return tokens;
  };
  /** What others have stored, or had at the start, if it is good. */
  const fromOthers = async (signal: AbortSignal): Promise<TokenSet | undefined> => {
    if (unsaved) return undefined; // ours are newer
    const news = await stored.news(signal);
    const isNew = news !== undefined || !known;
    known = true;
    if (news) ({ tokens } = news);
    return isNew && tokens && isGood(tokens) ? tokens : undefined;
  };

  return {
    get tokens() {
      return tokens;
    },
    get freshness() {
      if (!known) return LATE;
      return unsaved ? DUE : FRESH;
    },
    put,
    async renew(context, getNext) {
      const { deadline, signal, spend } = context;
      const others = await fromOthers(signal);
      if (others) return others;
      return exclusively(backend, await stored.key(), deadline, signal, async (assertHeld) => {
        const before = await fromOthers(signal); // what the holder before has left
        if (before) return before;
        if (unsaved && tokens) {
          const saved = await put(tokens);
          if (isGood(saved)) return saved;
        }
        return getNext({
          ...context,
          async spend() {
            await assertHeld();
            await spend();
          },
        });
      });
    },
    async take() {
      const work = async (): Promise<TokenSet | undefined> => {
        const { signal } = new AbortController();
        return exclusively(backend, await stored.key(), performance.now() + timeLimit, signal, () => stored.take());
      };
      const theirs = await timeLimited(work, timeLimit, STORE);
      const taken = unsaved ? tokens : (theirs ?? tokens);
      tokens = told = undefined;
      unsaved = false;
      return taken;
    },
  };
}
