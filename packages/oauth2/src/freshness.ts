import type { TokenSet } from "./token-set.ts";

/** Good. */
export const FRESH = 0;
/** Good, and the next is better fetched soon. */
export const DUE = 1;
/** It counts as expired, and works if there is no other. */
export const LATE = 2;
/** No server takes it any more. */
export const ENDED = 3;

/** How good an access token is: the higher, the worse. */
export type Freshness = 0 | 1 | 2 | 3;

/**
 * How good an access token is by the clock.
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
  if (left <= 0) return ENDED;
  if (left <= margin) return LATE;
  return left <= margin * (1 + jitter) ? DUE : FRESH;
}
