/** Drawn many at a time: each draw costs about as much as the rest of an answer. */
let drawn: bigint[] = [];

/** RFC 7616 §3.4, `cnonce`: 64 random bits that no server can choose or foresee, in hexadecimal. */
export function randomNonce(): string {
  // By way of bytes, since some runtimes draw no bigints.
  if (drawn.length === 0) drawn = [...new BigUint64Array(crypto.getRandomValues(new Uint8Array(512)).buffer)];
  return (drawn.pop() ?? 0n).toString(16).padStart(16, "0");
}
