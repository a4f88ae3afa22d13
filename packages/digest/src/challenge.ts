// RFC 7616 §3.3: what a server asks with.
import type { Challenge } from "@authflow/challenge";
import type { DigestAlgorithm } from "./algorithm.ts";
import { challengesIn } from "./fields.ts";
import type { Qop } from "./response.ts";

/** A challenge that can be answered: its parameters as they came, unquoted and in octets, and what they mean. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string | undefined;
  readonly domain?: string | undefined;
  readonly stale?: string | undefined;
  readonly charset?: string | undefined;
  readonly userhash?: string | undefined;
  readonly algorithm?: string | undefined;
  /** What `algorithm` names, without `-sess`. */
  readonly hashAlgorithm: DigestAlgorithm;
  /** What is taken of those that it offers. */
  readonly qop: Qop;
}

/**
 * The challenge to answer: the strongest that is allowed and can be answered. (§3.7 has a client take the first that it
 * supports; whoever sits on the way could reorder them.)
 */
export function chooseChallenge(response: Response, allowed: readonly DigestAlgorithm[]): DigestChallenge | undefined {
  const usable = challengesIn(response).flatMap(read);
  return allowed.flatMap((name) => usable.filter(({ hashAlgorithm }) => hashAlgorithm === name))[0];
}

/** What a challenge says, if it can be answered. */
function read({ scheme, params }: Challenge): DigestChallenge | readonly [] {
  const given = Object.fromEntries(params);
  const { realm, nonce, algorithm = "MD5" } = given;
  const hashAlgorithm = algorithm.replace(/-sess$/i, "").toUpperCase() as DigestAlgorithm; // any other one is not allowed
  const offered = given["qop"]?.toLowerCase().match(/[^\s,]+/g);
  // auth where it is offered, since it needs no body in hand.
  const qop = (["auth", "auth-int"] as const).find((known) => offered?.includes(known));
  return scheme === "digest" && realm !== undefined && nonce && (qop || !offered)
    ? { ...given, realm, nonce, hashAlgorithm, qop }
    : [];
}

/** Whether a parameter has a value that is compared in any letter case. */
export const says = (param: string | undefined, value: string): boolean => param?.toLowerCase() === value;

/** Whether two challenges are one: the same nonce for the same realm. */
export const isSame = (one: DigestChallenge, other: DigestChallenge): boolean =>
  one.nonce === other.nonce && one.realm === other.realm;
