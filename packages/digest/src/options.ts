import { credentialOctets, InvalidOptionError, originSet } from "@authflow/flow";
import { ALGORITHMS, type DigestAlgorithm } from "./algorithm.ts";
import { randomNonce } from "./client-nonce.ts";
import { credentialOf } from "./credentials.ts";
import type { SessionSettings } from "./session.ts";

/** Whom `digest` logs in, and what it agrees to. */
export interface DigestOptions {
  /** May be empty, may hold no colon. A `Uint8Array` is taken as it is. */
  readonly username: string | Uint8Array;
  /** May be empty. A `Uint8Array` is taken as it is. */
  readonly password: string | Uint8Array;
  /**
   * What may be answered with, each for its `-sess` variant, too; of what a server offers, the strongest of these is
   * taken. Default: all.
   */
  readonly algorithms?: readonly DigestAlgorithm[] | undefined;
  /** Whether a response counts only if the server proves, by `rspauth`, that it knows the password. Default: `false`. */
  readonly requireRspauth?: boolean | undefined;
  /**
   * Asks for the challenge before a body is sent, where none is known: with a HEAD request, or with the request itself
   * without its body (`empty`), which a server that asks for no credentials carries out. Default: don't ask.
   */
  readonly probe?: "head" | "empty" | undefined;
  /** How long a call waits for the challenge that another call is about to get, in milliseconds. 0: not at all. Default: 1000. */
  readonly handshakeTimeout?: number | undefined;
  /** Whether a username that isn't ASCII is sent as `username*` (RFC 8187), which Apache refuses. Default: `false`. */
  readonly extendedUsername?: boolean | undefined;
  /** Makes the client's nonces, one a call. Default: 64 random bits in hexadecimal. */
  readonly cnonce?: (() => string) | undefined;
  /** Where the credentials may go, such as `["https://api.example.com"]`. Default: the origin of each call. */
  readonly origins?: readonly string[] | undefined;
}

/** The options with their defaults, read once. */
export interface DigestSettings extends SessionSettings, Pick<DigestOptions, "origins" | "probe" | "requireRspauth"> {
  /** The strongest first. */
  readonly allowed: readonly DigestAlgorithm[];
  readonly handshakeTimeout: number;
}

/**
 * Reads whatever a caller gave.
 * @throws `ERR_AUTHFLOW_INVALID_CREDENTIALS`, `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function settingsOf(given: Partial<DigestOptions> | null | undefined): DigestSettings {
  const options = given ?? {};
  const { algorithms = ALGORITHMS, handshakeTimeout = 1000, cnonce, probe, origins } = options;
  // A caller without types may give what is no list.
  const allowed = ALGORITHMS.filter((known) => algorithms?.includes?.(known));
  check(allowed[0] && allowed.length === new Set(algorithms).size, `algorithms lists some of ${ALGORITHMS.join(", ")}`);
  check(handshakeTimeout >= 0 && handshakeTimeout < 2 ** 31, "handshakeTimeout is 0 or more ms"); // what a timer takes
  check([undefined, "head", "empty"].includes(probe), "probe is head or empty");
  return {
    ...options,
    username: credentialOf("username", options.username),
    password: credentialOf("password", options.password),
    origins: origins && [...originSet(origins)],
    allowed,
    handshakeTimeout,
    cnonce: cnonce ? () => credentialOctets("cnonce", cnonce()) : randomNonce,
  };
}

function check(isValid: unknown, rule: string): void {
  if (!isValid) throw new InvalidOptionError(`${rule}.`);
}
