// What other schemes and processes see of the tokens, and what they left.
import type { OAuth2Error } from "#oauth2-error";
import type { StoreBackend } from "./store-backend.ts";
import { lockWithin, unusable } from "./store-lock.ts";
import { entryOf, hashOf, type StoredEntry, textOf, withLogin } from "./stored-entry.ts";
import type { StoredTokens, TokenStore } from "./stored-tokens.ts";
import type { TokenSet } from "./token-set.ts";

export type { StoreBackend, StoreLock } from "./store-backend.ts";
export type { TokenStore } from "./stored-tokens.ts";

/** How tokens are kept. */
export interface StoreOptions {
  /**
   * Under which key, such as the name of an account. Each grant, server and client needs one of its own: what one has stored
   * is refused to others. Default: a hash of grant, server, client and all that is asked for, secrets included.
   */
  readonly key?: string | undefined;
  /** Makes of a text what is stored. Default: it is stored as it is. */
  readonly encrypt?: ((text: string) => string | Promise<string>) | undefined;
  /** Makes the text of what is stored. What it throws reaches the calls. */
  readonly decrypt?: ((stored: string) => string | Promise<string>) | undefined;
}

/**
 * Makes a store of what keeps texts.
 *
 * @param backend three functions, such as of a client of a database
 * @param options under which key tokens are kept, and how they are encrypted
 * @throws `ERR_AUTHFLOW_OAUTH2_STORE`, from a call, for what holds no tokens or those of another client, and for a lock that
 *   others keep
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
  const { key: name, encrypt = asItIs, decrypt = asItIs } = options;
  return ({ identity, client, given }) => {
    // Nothing of it is secret, and whoever looks into the store sees whose it is.
    const owner = JSON.stringify(client);
    const hash = async (): Promise<Hashes> => ({
      key: name ?? (await hashOf(identity)),
      login: given === undefined ? undefined : await hashOf(given),
    });
    let hashes: Promise<Hashes> | undefined;
    const hashed = (): Promise<Hashes> => (hashes ??= hash());
    /** What was there last. */
    let seen: string | undefined;
    let logins: readonly string[] = [];
    /** The login that was given is stored, or another one was taken over after it. */
    let settled = false;
    /** Whether what is there came of an older login than the one that was given. */
    const isOlder = ({ login }: Hashes): boolean => !settled && login !== undefined && !logins.includes(login);

    const read = async (signal?: AbortSignal): Promise<TokenSet | undefined> => {
      const { key } = await hashed();
      const text = await backend.get(key);
      const entry = text === undefined ? undefined : entryOf(await decrypt(text));
      if (text !== undefined && !entry) {
        throw unusable("What the token store holds is no token set. Delete it, or call `revoke`, and log in again.");
      }
      if (entry) assertOwn(entry.owner, owner);
      signal?.throwIfAborted();
      seen = text;
      logins = entry?.logins ?? [];
      return entry?.tokens;
    };

    const stored: StoredTokens = {
      async news(signal) {
        const before = seen;
        const tokens = await read(signal);
        if (before === seen || (tokens && isOlder(await hashed()))) return undefined;
        return { tokens };
      },
      async save(tokens, isGood) {
        const now = await hashed();
        const { key, login } = now;
        // A login that was refused before it was of any use takes nothing of an older one away.
        const refused = isOlder(now) && !tokens.refreshToken;
        for (let tries = 0; tries < TRIES; tries++) {
          const text = await encrypt(textOf({ tokens, owner, logins: withLogin(logins, login) }));
          if (!(refused && seen) && (await backend.compareAndSet(key, seen, text))) {
            seen = text;
            settled = true;
            return tokens;
          }
          // The lock was lost meanwhile, as by a machine that slept.
          const theirs = await read();
          if (theirs && isGood(theirs) && (refused || !isOlder(now))) {
            settled = true;
            return theirs;
          }
          if (refused && seen) return tokens;
          await moment();
        }
        throw busy();
      },
      async take() {
        const now = await hashed();
        for (let tries = 0; tries < TRIES; tries++) {
          const text = await backend.get(now.key);
          if (text === undefined) return undefined;
          const entry = await readable(text, decrypt);
          if (entry) assertOwn(entry.owner, owner);
          logins = entry?.logins ?? [];
          if (await backend.compareAndSet(now.key, text, undefined)) {
            const older = isOlder(now);
            seen = undefined;
            settled = true;
            return older ? undefined : entry?.tokens;
          }
          await moment();
        }
        throw busy();
      },
      async exclusively(deadline, signal, work) {
        const lock = await lockWithin(backend, (await hashed()).key, deadline - performance.now(), signal);
        try {
          return await work(async () => {
            if ((await lock.isHeld?.()) === false) throw unusable("The lock on the token store was lost. Try again.");
          });
        } finally {
          // If it fails, the lease ends by itself.
          await lock.release().catch(() => {});
        }
      },
    };
    return stored;
  };
}

/** How often what others change at the same moment is tried again. */
const TRIES = 10;

const moment = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 5);
  });

/** Under which key tokens are stored, and of which login. */
interface Hashes {
  readonly key: string;
  readonly login: string | undefined;
}

const asItIs = (text: string): string => text;

/** What can't be decrypted is no more than what can't be read. */
const readable = async (
  text: string,
  decrypt: (stored: string) => string | Promise<string>,
): Promise<StoredEntry | undefined> => {
  try {
    return entryOf(await decrypt(text));
  } catch {
    return undefined;
  }
};

function assertOwn(owner: string | undefined, me: string): void {
  if (owner === undefined || owner === me) return;
  throw unusable(
    "What the token store holds under this `key` belongs to another grant, server or client. Give each a key of its own.",
  );
}

const busy = (): OAuth2Error =>
  unusable("What the token store holds is never what it was just now. Check its `compareAndSet`.");
