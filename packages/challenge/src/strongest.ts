import type { Challenge } from "./types.ts";

/**
 * Chooses the challenge to answer: the one that comes first in your order and, among equals, the one that the server
 * named first. Letter case makes no difference.
 *
 * @param challenges what `parseChallenges` gave
 * @param order what you would answer, the strongest first; what is not in it is never chosen
 * @param by what of a challenge stands in the order, or undefined to pass it over; its scheme by default
 * @returns the challenge to answer; undefined if there is none
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 RFC 9110 §11.6.1}
 * @example
 * import { parseChallenges, strongest } from "@authflow/challenge";
 *
 * const challenges = parseChallenges('Basic realm="a", Digest realm="a", nonce="b", algorithm=SHA-256');
 * console.log(strongest(challenges, ["digest", "basic"])?.scheme);
 * console.log(strongest(challenges, ["SHA-256", "MD5"], ({ params }) => params.get("algorithm"))?.scheme);
 */
export function strongest(
  challenges: readonly Challenge[],
  order: readonly string[],
  by: (challenge: Challenge) => string | undefined = ({ scheme }) => scheme,
): Challenge | undefined {
  for (const wanted of order) {
    const found = challenges.find((challenge) => by(challenge)?.toLowerCase() === wanted.toLowerCase());
    if (found) return found;
  }
  return undefined;
}
