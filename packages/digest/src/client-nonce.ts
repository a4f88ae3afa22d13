/** Drawn many at a time: each draw costs about as much as the rest of an answer. */
let drawn: bigint[] = [];

/** RFC 7616 §3.4, `cnonce`: 64 random bits that no server can choose or foresee, in hexadecimal. */
export function randomNonce(): string {
  if (drawn.length === 0) drawn = [...crypto.getRandomValues(new BigUint64Array(64))];
  return (drawn.pop() ?? 0n).toString(16).padStart(16, "0");
}
