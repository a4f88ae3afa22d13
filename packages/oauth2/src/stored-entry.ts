// What stands in a store: tokens, whose they are, and of which logins they came.
import type { TokenSet } from "./token-set.ts";

/** What stands in a store. */
export interface StoredEntry {
  readonly tokens: TokenSet;
  /** Which grant of which client got them. */
  readonly owner: string | undefined;
  /** The refresh tokens that callers gave, the last one last: whoever gives another one has logged in since. */
  readonly logins: readonly string[];
}

/** How many logins are remembered. */
const LOGINS = 8;

export const textOf = ({ tokens, ...rest }: StoredEntry): string => JSON.stringify({ ...tokens, ...rest });

/** What such a text says; `undefined` if it is none. */
export function entryOf(text: string): StoredEntry | undefined {
  try {
    const { owner, logins = [], ...tokens } = JSON.parse(text) as TokenSet & Partial<StoredEntry>; // what `textOf` made
    return typeof tokens.accessToken === "string" ? { tokens, owner, logins } : undefined;
  } catch {
    return undefined;
  }
}

/** @param login the one that is added, if there is one */
export const withLogin = (logins: readonly string[], login: string | undefined): readonly string[] =>
  login === undefined ? logins : [...logins.filter((known) => known !== login), login].slice(-LOGINS);

/** Sixteen octets of SHA-256, in hexadecimal digits. */
export async function hashOf(what: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(what)));
  return Array.from(new Uint8Array(digest, 0, 16), (octet) => octet.toString(16).padStart(2, "0")).join("");
}
