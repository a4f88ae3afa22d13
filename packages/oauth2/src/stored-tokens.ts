// The tokens of one grant in a store: read, and replaced only by what is newer.
import type { OAuth2Error } from "#oauth2-error";
import type { StoreBackend } from "./store-backend.ts";
import { unusable } from "./store-lock.ts";
import { entryOf, hashOf, type StoredEntry, textOf, withLogin } from "./stored-entry.ts";
import type { PlacedGrant } from "./token-place.ts";
import type { TokenSet } from "./token-set.ts";

/** The tokens of one grant in a store. */
export interface StoredTokens {
  /** Under which key they are. */
  key(): Promise<string>;
  /**
   * What is stored, if others have stored it since this was asked, or `save` ran; else `undefined`.
   * @param signal when it aborts, what is found is passed over
   */
  news(signal: AbortSignal): Promise<{ readonly tokens: TokenSet | undefined } | undefined>;
  /**
   * Stores tokens, unless others have stored some that are better.
   * @returns what is stored now
   */
  save(tokens: TokenSet, isBetter: (theirs: TokenSet) => boolean): Promise<TokenSet>;
  /** Takes away what is stored, also what can't be read, and gives it. */
  take(): Promise<TokenSet | undefined>;
}

/** How texts are made of tokens, and where they are kept. */
export interface Storing {
  readonly key: string | undefined;
  readonly encrypt: (text: string) => string | Promise<string>;
  readonly decrypt: (stored: string) => string | Promise<string>;
}

/** How often what others change at the same moment is tried again. */
const TRIES = 10;

/** Under which key tokens are stored, and of which login. */
interface Hashes {
  readonly key: string;
  readonly login: string | undefined;
}

export function storedTokens(
  backend: StoreBackend,
  { key: name, encrypt, decrypt }: Storing,
  { identity, client, tokens: given }: Pick<PlacedGrant, "identity" | "client" | "tokens">,
): StoredTokens {
  // Nothing of it is secret, and whoever looks into the store sees whose it is.
  const owner = JSON.stringify(client);
  const hash = async (): Promise<Hashes> => ({
    key: name ?? (await hashOf(identity)),
    login: given?.refreshToken === undefined ? undefined : await hashOf(given.refreshToken),
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
  /** What can't be decrypted is no more than what can't be read. */
  const readable = async (text: string): Promise<StoredEntry | undefined> => {
    try {
      return entryOf(await decrypt(text));
    } catch {
      return undefined;
    }
  };

  return {
    key: async () => (await hashed()).key,
    async news(signal) {
      const before = seen;
      const tokens = await read(signal);
      if (before === seen || (tokens && isOlder(await hashed()))) return undefined;
      return { tokens };
    },
    async save(tokens, isBetter) {
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
        if (theirs && isBetter(theirs) && (refused || !isOlder(now))) {
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
        const entry = await readable(text);
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
  };
}

const moment = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 5);
  });

function assertOwn(owner: string | undefined, me: string): void {
  if (owner === undefined || owner === me) return;
  throw unusable(
    "What the token store holds under this `key` belongs to another grant, server or client. Give each a key of its own.",
  );
}

const busy = (): OAuth2Error =>
  unusable("What the token store holds is never what it was just now. Check its `compareAndSet`.");
