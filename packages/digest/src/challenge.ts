// RFC 7616 §3.3: what a server asks with.
import { type Challenge, type FieldSource, parseChallenges, strongest } from "@authflow/challenge";
import { ALGORITHMS, type DigestAlgorithm } from "./algorithm.ts";
import { octetsOf } from "./octets.ts";
import type { Qop } from "./response.ts";

/** A challenge that can be answered. */
export interface DigestChallenge {
  /** All of them, as they came, unquoted. */
  readonly params: ReadonlyMap<string, string>;
  /** In octets. */
  readonly realm: string;
  /** In octets. */
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm;
  /** Whether the algorithm is a `-sess` one. */
  readonly isSession: boolean;
  readonly qop: Qop;
}

/**
 * The challenge to answer: the strongest that is allowed and can be answered. (§3.7 has a client take the first that it
 * supports; whoever sits on the way could reorder them.)
 */
export function chooseChallenge(
  headers: FieldSource,
  allowed: readonly DigestAlgorithm[],
): DigestChallenge | undefined {
  const chosen = strongest(parseChallenges(headers), allowed, (challenge) => read(challenge)?.algorithm);
  return chosen && read(chosen);
}

function read({ scheme, params }: Challenge): DigestChallenge | undefined {
  const named = (params.get("algorithm") ?? "MD5").toUpperCase();
  const name = named.replace(/-SESS$/, "");
  const algorithm = ALGORITHMS.find((known) => known === name);
  const offered = params
    .get("qop")
    ?.toLowerCase()
    .match(/[^\s,]+/g);
  // auth where it is offered, since it needs no body in hand.
  const qop = (["auth", "auth-int"] as const).find((known) => offered?.includes(known));
  const realm = params.get("realm");
  const nonce = octetsOf(params.get("nonce"));
  const isUsable = scheme === "digest" && realm !== undefined && nonce && algorithm && (qop || !offered);
  return isUsable ? { params, realm: octetsOf(realm), nonce, algorithm, isSession: name !== named, qop } : undefined;
}

/** Whether a parameter has a value that is compared in any letter case. */
export function says({ params }: DigestChallenge, name: "charset" | "stale" | "userhash", value: string): boolean {
  return params.get(name)?.toLowerCase() === value;
}

/** Whether two challenges are one: the same nonce for the same realm. */
export function isSame(one: DigestChallenge, other: DigestChallenge): boolean {
  return one.nonce === other.nonce && one.realm === other.realm;
}
