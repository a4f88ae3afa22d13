// RFC 7616 §3.4.1 to §3.4.4 and §3.5: the arithmetic, over octets. `H` is the hash of the challenge's algorithm.
import type { Hash } from "./algorithm.ts";

/** "quality of protection"; none is what RFC 2069 had. */
export type Qop = "auth" | "auth-int" | undefined;

/** The body, where it is protected. */
export type Entity = string | Uint8Array | undefined;

/** §3.4.2: H(A1), without a session. */
export function ha1(H: Hash, username: string, realm: string, password: string): string {
  return H(`${username}:${realm}:${password}`);
}

/** §3.4.2: H(A1) of the `-sess` algorithms, from the one without. */
export function sessionHa1(H: Hash, plain: string, nonce: string, cnonce: string): string {
  return H(`${plain}:${nonce}:${cnonce}`);
}

/** §3.4.3: H(A2). `method` is empty for what a server sends (§3.5). */
export function ha2(H: Hash, method: string, uri: string, entity: Entity): string {
  return H(`${method}:${uri}${entity === undefined ? "" : `:${H(entity)}`}`);
}

/** §3.4.1: the response to a challenge. Without a qop it is that of RFC 2069. */
export function responseOf(
  H: Hash,
  hashedA1: string,
  nonce: string,
  nc: string,
  cnonce: string,
  qop: Qop,
  hashedA2: string,
): string {
  return H(`${hashedA1}:${nonce}${qop ? `:${nc}:${cnonce}:${qop}` : ""}:${hashedA2}`);
}

/** §3.4.4: the username, hashed. */
export function userhash(H: Hash, username: string, realm: string): string {
  return H(`${username}:${realm}`);
}
