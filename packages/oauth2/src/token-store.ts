// What other schemes and processes see of the tokens, and what they left.
import { OAuth2Error } from "#oauth2-error";
import type { StoredTokens, TokenStore } from "./stored-tokens.ts";
import type { TokenSet } from "./token-set.ts";

export type { TokenStore } from "./stored-tokens.ts";

/** A lock that is held. */
export interface StoreLock {
  /** Gives it back. One that was lost meanwhile is no error. */
  release(): Promise<void>;
}

/** What keeps texts under keys: a file, a database. The texts are secrets, and nobody's business but this package's. */
export interface StoreBackend {
  /** What is kept under a key, if anything. */
  get(key: string): Promise<string | undefined>;
  /**
   * Replaces what is kept under a key, in one step, if it is still what it was.
   *
   * @param expected what has to be there; `undefined`: nothing
   * @param next what is to be there; `undefined`: nothing
   * @returns whether it was, and is replaced
   */
  compareAndSet(key: string, expected: string | undefined, next: string | undefined): Promise<boolean>;
  /**
   * Waits for the lock on a key, so that one holder at a time gets new tokens.
   *
   * @param lease how many milliseconds the holder may need at most. If it crashes, the lock has to be free again by then
   * @param signal ends the wait
   */
  lock(key: string, lease: number, signal: AbortSignal): Promise<StoreLock>;
}

/** How tokens are kept. */
export interface StoreOptions {
  /**
   * Under which key, such as the name of an account. Default: a hash of grant, server, client and all that is asked for,
   * secrets included.
   */
  readonly key?: string | undefined;
  /** Makes of a text what is stored. Default: it is stored as it is. */
  readonly encrypt?: ((text: string) => string | Promise<string>) | undefined;
  /** Makes the text of what is stored. What it throws reaches the calls. */
  readonly decrypt?: ((stored: string) => string | Promise<string>) | undefined;
}

/** How long the holder of a lock may need where a person takes part, until which it holds none, in milliseconds. */
const LEASE = 10_000;

/**
 * Makes a store of what keeps texts.
 *
 * @param backend three functions, such as of a client of a database
 * @param options under which key tokens are kept, and how they are encrypted
 * @throws `ERR_AUTHFLOW_OAUTH2_STORE`, from a call, for what holds no tokens, and for a lock that others keep
 * @see {@link StoreBackend} for what those have to promise
 *
 * @example
 * ```ts
 * import { clientCredentials, tokenStore } from "@authflow/oauth2";
 *
 * const rows = new Map<string, string>(); // stands for a database
 * const store = tokenStore(
 *   {
 *     get: async (key) => rows.get(key),
 *     async compareAndSet(key, expected, next) {
 *       if (rows.get(key) !== expected) return false;
 *       if (next === undefined) rows.delete(key);
 *       else rows.set(key, next);
 *       return true;
 *     },
 *     lock: async () => ({ release: async () => {} }),
 *   },
 *   { key: "service" },
 * );
 * const network = async (url: string) =>
 *   url.endsWith("/token") ? Response.json({ access_token: "mF_9", token_type: "Bearer" }) : new Response();
 * const scheme = clientCredentials({ tokenEndpoint: "https://auth.example.com/token", clientId: "service", store });
 * await scheme(network)("https://api.example.com/");
 * console.log([...rows.keys()]); // → [ 'service' ]
 * ```
 */
export function tokenStore(backend: StoreBackend, options: StoreOptions = {}): TokenStore {
  const { encrypt = asItIs, decrypt = asItIs } = options;
  return (identity) => {
    let digested: Promise<string> | undefined;
    const keyed = async (): Promise<string> => options.key ?? (digested ??= hashOf(identity));
    /** What was there last. */
    let seen: string | undefined;
    const read = async (): Promise<TokenSet | undefined> => {
      const there = await backend.get(await keyed());
      const tokens = there === undefined ? undefined : parse(await decrypt(there));
      seen = there;
      return tokens;
    };
    const stored: StoredTokens = {
      async news() {
        const before = seen;
        const tokens = await read();
        return before === seen ? undefined : { tokens };
      },
      async save(tokens, isGood) {
        const key = await keyed();
        const text = tokens && (await encrypt(JSON.stringify(tokens)));
        while (!(await backend.compareAndSet(key, seen, text))) {
          // The lock was lost meanwhile, as by a machine that slept.
          const theirs = await read();
          if (theirs && isGood(theirs)) return theirs;
        }
        seen = text;
        return tokens;
      },
      async exclusively(deadline, signal, work) {
        const limit = deadline === undefined ? undefined : Math.ceil(Math.max(deadline - performance.now(), 0));
        let lock: StoreLock | undefined = await lockWithin(backend, await keyed(), limit, signal);
        const unlock = async (): Promise<void> => {
          const held = lock;
          lock = undefined;
          // If it fails, the lease ends by itself.
          await held?.release().catch(() => {});
        };
        try {
          return await work(unlock);
        } finally {
          await unlock();
        }
      },
    };
    return stored;
  };
}

const asItIs = (text: string): string => text;

/** Waits for a lock, and no longer than it may, whether or not the backend heeds the signal. */
async function lockWithin(
  backend: StoreBackend,
  key: string,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<StoreLock> {
  if (limit === undefined) return backend.lock(key, LEASE, signal);
  const expired = AbortSignal.timeout(limit);
  const locking = backend.lock(key, limit, AbortSignal.any([signal, expired]));
  try {
    return await Promise.race([
      locking,
      new Promise<never>((_, reject) => {
        expired.addEventListener("abort", () => reject(expired.reason as Error)); // a TimeoutError
      }),
    ]);
  } catch (error) {
    // One that comes too late is given back.
    locking.then(async (lock) => lock.release()).catch(() => {});
    if (!expired.aborted) throw error;
    throw new OAuth2Error(
      "ERR_AUTHFLOW_OAUTH2_STORE",
      "Somebody else keeps the token store locked for longer than the time limit. Try again later.",
    );
  }
}

async function hashOf(identity: readonly unknown[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(identity)));
  return Array.from(new Uint8Array(digest, 0, 16), (octet) => octet.toString(16).padStart(2, "0")).join("");
}

function parse(text: string): TokenSet {
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
