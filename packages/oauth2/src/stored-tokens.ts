// What other processes see of the tokens, and what they left.
import { OAuth2Error } from "./oauth2-error.ts";
import type { StoreLock, TokenStore } from "./token-store.ts";
import type { TokenSet } from "./token-set.ts";

/** The tokens under one key of a store. */
export interface StoredTokens {
  /** What others have stored since this was asked, or `save` ran; `undefined` if nothing is new. */
  news(): Promise<{ readonly tokens: TokenSet | undefined } | undefined>;
  /**
   * Stores tokens, unless others have stored some that are good.
   * @returns what is stored now
   */
  save(tokens: TokenSet | undefined, isGood: (theirs: TokenSet) => boolean): Promise<TokenSet | undefined>;
  /** Waits for the lock, until `limit` milliseconds have passed. */
  lock(limit: number, signal: AbortSignal): Promise<StoreLock>;
}

/** @param identity what the key is a hash of, unless there is one */
export function storedTokens(store: TokenStore, identity: readonly unknown[], storeKey?: string): StoredTokens {
  let seen: string | undefined;
  let digested: Promise<string> | undefined;
  const keyed = async (): Promise<string> => storeKey ?? (digested ??= hashOf(identity));

  return {
    async news() {
      const text = await store.get(await keyed());
      if (text === seen) return undefined;
      seen = text;
      return { tokens: parse(text) };
    },

    async save(tokens, isGood) {
      const key = await keyed();
      const text = tokens && JSON.stringify(tokens);
      while (!(await store.compareAndSet(key, seen, text))) {
        // The lock was lost meanwhile, as by a machine that slept.
        seen = await store.get(key);
        const theirs = parse(seen);
        if (theirs && isGood(theirs)) return theirs;
      }
      seen = text;
      return tokens;
    },

    async lock(limit, signal) {
      const expired = AbortSignal.timeout(limit);
      try {
        return await store.lock(await keyed(), limit, AbortSignal.any([signal, expired]));
      } catch (error) {
        if (!expired.aborted) throw error;
        throw new OAuth2Error(
          "ERR_AUTHFLOW_OAUTH2_STORE",
          `Somebody else has the lock of the token store for longer than ${Math.round(limit)} ms. Try again later.`,
        );
      }
    },
  };
}

async function hashOf(identity: readonly unknown[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(identity)));
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parse(text: string | undefined): TokenSet | undefined {
  if (text === undefined) return undefined;
  try {
    const tokens = JSON.parse(text) as TokenSet | null; // what a `save` wrote
    if (typeof tokens?.accessToken === "string") return tokens;
  } catch {
    // Not with the error, which would print what stands there.
  }
  throw new OAuth2Error(
    "ERR_AUTHFLOW_OAUTH2_STORE",
    "What the token store holds is no token set. Delete it, and log in again.",
  );
}
