// RFC 7616 §3.4.1 to §3.4.3 and §3.5: the arithmetic, over octets. `H` is the hash of the challenge's algorithm.
import type { Hash } from "./algorithm.ts";

/** "quality of protection"; none is what RFC 2069 had. */
export type Qop = "auth" | "auth-int" | undefined;

/** A request or a response, whose body is asked for only where it is protected. */
export interface Message {
  readonly content: string | Uint8Array;
}

/** §3.4.2: H(A1), with both nonces for the `-sess` algorithms. */
export function keyOf(
  H: Hash,
  username: string,
  realm: string,
  password: string,
  nonce: string,
  cnonce: string | undefined,
): string {
  const key = H(username, realm, password);
  return cnonce === undefined ? key : H(key, nonce, cnonce);
}

/**
 * §3.4.1 and §3.4.3: the response to a challenge, or the proof of it that a server sends (§3.5), whose `method` is empty.
 * Without a qop it is that of RFC 2069.
 */
export function responseOf(
  H: Hash,
  key: string,
  nonce: string,
  nc: string,
  cnonce: string,
  qop: Qop,
  method: string,
  uri: string,
  message: Message,
): string {
  const hashedA2 = qop === "auth-int" ? H(method, uri, H(message.content)) : H(method, uri);
  return qop ? H(key, nonce, nc, cnonce, qop, hashedA2) : H(key, nonce, hashedA2);
}
