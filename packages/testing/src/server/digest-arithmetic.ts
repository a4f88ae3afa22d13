// RFC 7616 §3.4.1 to §3.4.4 and §3.5, computed by node:crypto alone, so that nothing that is tested is used to test it.
import { createHash } from "node:crypto";

const OPENSSL: Readonly<Record<string, string>> = {
  MD5: "md5",
  SHA: "sha1",
  "SHA-256": "sha256",
  "SHA-512": "sha512",
  "SHA-512-256": "sha512-256",
};

/** What a digest is computed from. Texts are octets, one character each. */
export interface DigestInput {
  /** As in a challenge, in any letter case, `-sess` included. */
  readonly algorithm: string;
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
  /** Empty for what a server proves (§3.5). */
  readonly method: string;
  readonly uri: string;
  readonly qop?: string | undefined;
  readonly nc?: string | undefined;
  readonly cnonce?: string | undefined;
  /** The hash of the body in hexadecimal; for auth-int. */
  readonly entity?: string | undefined;
}

/** Whether an algorithm is known. */
export function isAlgorithm(name: string): boolean {
  return Object.hasOwn(OPENSSL, baseOf(name));
}

/** Text without its octets changed, or bytes, hashed with the algorithm of a challenge. */
export function digestHash(algorithm: string, data: string | Uint8Array): string {
  const name = OPENSSL[baseOf(algorithm)];
  if (name === undefined) throw new TypeError(`There is no digest algorithm ${algorithm}.`);
  return createHash(name)
    .update(typeof data === "string" ? Buffer.from(data, "latin1") : data)
    .digest("hex");
}

/** The `response` of a client, or with an empty method the `rspauth` of a server. */
export function digestResponse(input: DigestInput): string {
  const { algorithm, username, password, realm, nonce, method, uri, qop, nc, cnonce = "", entity } = input;
  const H = (data: string): string => digestHash(algorithm, data);
  const plain = H(`${username}:${realm}:${password}`);
  const ha1 = /-sess$/i.test(algorithm) ? H(`${plain}:${nonce}:${cnonce}`) : plain;
  const ha2 = H(qop === "auth-int" ? `${method}:${uri}:${entity ?? H("")}` : `${method}:${uri}`);
  return H(qop === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
}

/** Text as the octets of its UTF-8. */
export function utf8Octets(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function baseOf(algorithm: string): string {
  return algorithm.toUpperCase().replace(/-SESS$/, "");
}
