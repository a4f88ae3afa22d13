import type { AuthScheme } from "@authflow/flow";
import { schemeOf } from "./auth-scheme.ts";
import type { Input } from "./call-url.ts";
import type { AuthLike } from "./auth-like.ts";
import type { AuthInit } from "./types.ts";

/** A fetch of the runner's, which takes what AuthFetch takes, and further arguments. */
export type Send = (input: Input, init?: AuthInit, ...rest: readonly unknown[]) => Promise<Response>;

/**
 * The fetches that were wrapped for the `auth` of requests. Wrapping takes longer than a warm call does in the runner, so
 * it is done once: for schemes and functions as long as they live, for pairs as long as the same one comes again.
 */
export class WrappedAuth {
  readonly #wrap: (scheme: AuthScheme) => Send;
  readonly #sends = new WeakMap<object, Send>();
  /** By value, since a pair is mostly written out anew in each call, and an array may hold another password next time. */
  #latest: { readonly username: unknown; readonly password: unknown; readonly send: Send } | undefined;

  constructor(wrap: (scheme: AuthScheme) => Send) {
    this.#wrap = wrap;
  }

  /** @throws what `schemeOf` and wrapping throw */
  sendFor(auth: NonNullable<AuthLike>): Send {
    if (Array.isArray(auth)) {
      const [username, password, ...more]: unknown[] = auth;
      const latest = this.#latest;
      if (latest && latest.username === username && latest.password === password && more.length === 0)
        return latest.send;
      const send = this.#wrap(schemeOf(auth));
      this.#latest = { username, password, send };
      return send;
    }
    let send = this.#sends.get(auth);
    if (!send) {
      send = this.#wrap(schemeOf(auth));
      this.#sends.set(auth, send);
    }
    return send;
  }
}
