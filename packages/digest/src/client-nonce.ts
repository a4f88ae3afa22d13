import { hashOf } from "./algorithm.ts";

/** Made eight at a time: each draw costs about as much as the rest of an answer. */
let drawn = "";

/** RFC 7616 §3.4, `cnonce`: 64 random bits that no server can choose or foresee, in hexadecimal. */
export function randomNonce(): string {
  // 64 random octets have 64 again for their hash, which comes as the text that is wanted.
  drawn ||= hashOf("SHA-512")(crypto.getRandomValues(new Uint8Array(64)));
  const nonce = drawn.slice(0, 16);
  drawn = drawn.slice(16);
  return nonce;
}
