import { type Freshness, FRESH } from "./freshness.ts";
import type { TokenSet } from "./token-set.ts";

/** What bounds a renewal. */
export interface RenewalContext {
  /** Aborts when nobody waits for the tokens any more. */
  readonly signal: AbortSignal;
  /** When its time limit ends, by `performance.now()`. */
  readonly deadline: number;
  /** Called before something is spent that is good once; it rejects where that must not be. */
  readonly spend: () => Promise<void>;
}

/** Is told which tokens are there. */
export type WhenThere = (tokens: TokenSet) => void;

/** Where the tokens of a grant are. */
export interface TokenPlace {
  /** Those that are there, as far as it is known here. */
  readonly tokens: TokenSet | undefined;
  /** How they are because of the place, whatever the clock says: late before it was looked at, due until they are stored. */
  readonly freshness: Freshness;
  /**
   * Puts others in their place.
   * @param whenThere called once they are there for sure, which may be later if this fails
   * @returns what is there now: somebody else may have been quicker
   */
  put(tokens: TokenSet, whenThere?: WhenThere): Promise<TokenSet>;
  /**
   * Has the next tokens put there, unless somebody else has put some there that are good.
   * @param getNext gets the next ones and puts them here; nobody else does meanwhile
   * @returns what is there now
   */
  renew<C extends RenewalContext>(context: C, getNext: (context: C) => Promise<TokenSet>): Promise<TokenSet>;
  /** Takes the tokens away, and gives them. */
  take(): Promise<TokenSet | undefined>;
}

/** Whose tokens are to be kept. */
export interface PlacedGrant {
  /** What tells the tokens of this grant from those of all others. */
  readonly identity: readonly unknown[];
  /** The grant, the server and the client: who may use what is stored under a key. */
  readonly client: readonly unknown[];
  /** What the caller gave, from a login of their own. */
  readonly tokens: TokenSet | undefined;
  /** In milliseconds. */
  readonly timeLimit: number;
  /** Whether tokens may be used without haste. */
  readonly isGood: (tokens: TokenSet) => boolean;
}

/** In this scheme only. */
export const inMemory = ({ tokens: given }: PlacedGrant): TokenPlace => {
  let tokens = given;
  return {
    get tokens() {
      return tokens;
    },
    freshness: FRESH,
    async put(next, whenThere) {
      tokens = next;
      whenThere?.(next);
      return next;
    },
    renew: (context, getNext) => getNext(context),
    async take() {
      const taken = tokens;
      tokens = undefined;
      return taken;
    },
  };
};

/**
 * Where tokens are kept for other schemes, processes or the next start: what `memoryStore`, `fileStore` and `tokenStore`
 * make.
 */
export type TokenStore = (grant: PlacedGrant) => TokenPlace;
