// What other schemes and processes see of the tokens, and what they left.
import type { StoreBackend } from "./store-backend.ts";
import { storedPlace } from "./stored-place.ts";
import { storedTokens } from "./stored-tokens.ts";
import type { TokenStore } from "./token-place.ts";

export type { StoreBackend, StoreLock } from "./store-backend.ts";
export type { TokenStore } from "./token-place.ts";

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
 * const scheme = clientCredentials({
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "service",
 *   clientSecret: "s3cret",
 *   store,
 * });
 * await scheme(network)("https://api.example.com/");
 * console.log([...rows.keys()]); // → [ 'service' ]
 * ```
 */
export function tokenStore(backend: StoreBackend, options: StoreOptions = {}): TokenStore {
  const { key, encrypt = asItIs, decrypt = asItIs } = options;
  return (grant) => storedPlace(backend, storedTokens(backend, { key, encrypt, decrypt }, grant), grant);
}

const asItIs = (text: string): string => text;
