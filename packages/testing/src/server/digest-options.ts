import type { ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** How a digest server asks, and what it lets pass. */
export interface DigestRules {
  /** Octets, one character each; a text beyond that is taken as UTF-8. Default: `authflow`. */
  readonly realm?: string | undefined;
  /** Passwords by user name, as UTF-8. Default: `{ finley: "secret" }`. */
  readonly accounts?: Readonly<Record<string, string>> | undefined;
  /** A challenge for each, in this order, written as they are here: `md5-SESS`. Default: `["SHA-256", "MD5"]`. */
  readonly algorithms?: readonly string[] | undefined;
  /** `false`: the challenges don't name their algorithm, as with MD5 they needn't. Default: `true`. */
  readonly namesAlgorithm?: boolean | undefined;
  /** Such as `auth`, `auth-int` or `auth,auth-int`; null for none, as in RFC 2069. Default: `auth`. */
  readonly qop?: string | null | undefined;
  /** Whether user names come hashed. Default: `false`. */
  readonly userhash?: boolean | undefined;
  /** Whether the challenges say `charset=UTF-8`. Default: `true`. */
  readonly charset?: boolean | undefined;
  /** null for none. Default: `opaque`. */
  readonly opaque?: string | null | undefined;
  /** Default: none. */
  readonly domain?: string | undefined;
  /** Whether all challenges stand on one line. Default: `false`. */
  readonly oneLine?: boolean | undefined;
  /** Which `nc` is right: one more than the last, or any that was not there before. Default: `next`. */
  readonly counts?: "next" | "unseen" | undefined;
  /** How many requests a nonce is good for. Default: any number. */
  readonly nonceUses?: number | undefined;
  /** How long a nonce is good for, in milliseconds of `now`. Default: for ever. */
  readonly nonceLifetime?: number | undefined;
  /** The clock of nonces. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Makes nonces. Default: random ones. */
  readonly nonce?: (() => string) | undefined;
  /** Whether a nonce that is good no more is called stale. Default: `true`. */
  readonly stale?: boolean | undefined;
  /** After how many uses of a nonce the next one is named. Default: never. */
  readonly nextNonceEvery?: number | undefined;
  /** Whether responses prove that the server knows the password; `wrong`: they try to. Default: `true`. */
  readonly rspauth?: boolean | "wrong" | undefined;
}

export interface DigestServerOptions extends ServerOptions, DigestRules {
  /** The paths that need credentials, each with everything below. Default: `["/"]`. */
  readonly paths?: readonly string[] | undefined;
  /** Called for each request before it is looked at: wait in it to hold the answer back. */
  readonly onRequest?: ((request: ReceivedRequest) => void | Promise<void>) | undefined;
}
