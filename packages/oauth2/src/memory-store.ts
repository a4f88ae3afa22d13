import { waitFor } from "@authflow/flow";
import { type StoreBackend, type StoreOptions, type TokenStore, tokenStore } from "./token-store.ts";

/**
 * Makes a store in memory, for several schemes that share the tokens of one grant. (A scheme alone needs none.)
 *
 * @param options under which key tokens are kept, and how they are encrypted, see {@link StoreOptions}
 *
 * @example
 * ```ts
 * import { clientCredentials, memoryStore } from "@authflow/oauth2";
 *
 * const client = { tokenEndpoint: "https://auth.example.com/token", clientId: "service", clientSecret: "s3cret" };
 * const options = { ...client, store: memoryStore() };
 * const [one, other] = [clientCredentials(options), clientCredentials(options)]; // who come by one token
 * ```
 */
export function memoryStore(options?: StoreOptions): TokenStore {
  const texts = new Map<string, string>();
  /** When those who wanted the lock so far have had it. */
  const queues = new Map<string, Promise<void>>();
  const backend: StoreBackend = {
    get: async (key) => texts.get(key),
    async compareAndSet(key, expected, next) {
      if (texts.get(key) !== expected) return false;
      if (next === undefined) texts.delete(key);
      else texts.set(key, next);
      return true;
    },
    async lock(key, lease, signal) {
      let end: (() => void) | undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const before = queues.get(key) ?? Promise.resolve();
      queues.set(
        key,
        before.then(() => ended),
      );
      try {
        await waitFor(before, { signal });
      } catch (error) {
        end?.();
        throw error;
      }
      // Some runtimes stop a holder without running its `finally`.
      const timer = setTimeout(() => end?.(), lease);
      return {
        async release() {
          clearTimeout(timer);
          end?.();
        },
      };
    },
  };
  return tokenStore(backend, options);
}
