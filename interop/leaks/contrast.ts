// The same journeys with the platform's fetch alone, and credentials that the caller puts there by hand.
import type { Made, Subject } from "./subject.ts";

const KEY = "k3yByHand";

const byHand = (name: string, slot: Subject["slot"], by: Pick<Made, "headers" | "url">): Subject => ({
  name,
  slot,
  make: () => ({ wrap: (next) => next, scheme: undefined, credentials: [{ marker: KEY }], ...by }),
});

export const BY_HAND: readonly Subject[] = [
  byHand("an Authorization header", "authorization", { headers: { authorization: `Bearer ${KEY}` } }),
  byHand("an x-api-key header", "header", { headers: { "x-api-key": KEY } }),
  byHand("a pair of the query", "query", { url: (url) => `${url}?api_key=${KEY}` }),
  byHand("a Cookie header", "cookie", { headers: { cookie: `session=${KEY}` } }),
];
