import type { TokenSet } from "./token-set.ts";

/**
 * How good an access token is by the clock. `due`: good, and the next is better fetched soon. `late`: it counts as expired,
 * and works if there is no other. `ended`: no server takes it any more.
 */
export type Freshness = "fresh" | "due" | "late" | "ended";

/**
 * How good an access token is.
 *
 * @param now milliseconds since 1970
 * @param earlyExpiry how many milliseconds before its end it is late, but a quarter of its life at most
 * @param jitter 0 to 1: how much earlier it is due, as a share of that
 */
export function freshnessOf(
  { issuedAt, expiresAt }: TokenSet,
  now: number,
  earlyExpiry: number,
  jitter: number,
): Freshness {
  const end = expiresAt ?? Infinity;
  const left = end - now;
  const margin = Math.min(earlyExpiry, (end - (issuedAt ?? -Infinity)) / 4);
  if (left <= 0) return "ended";
  if (left <= margin) return "late";
  return left <= margin * (1 + jitter) ? "due" : "fresh";
}
