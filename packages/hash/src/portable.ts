// Every hash by @noble/hashes. What is marked pure is left out of a bundle that doesn't use it.
import { hmac as nobleHmac } from "@noble/hashes/hmac.js";
import { md5 as nobleMd5, sha1 as nobleSha1 } from "@noble/hashes/legacy.js";
import { sha256 as nobleSha256, sha512 as nobleSha512, sha512_256 as nobleSha512t256 } from "@noble/hashes/sha2.js";
import type { CHash } from "@noble/hashes/utils.js";
import { hashByName } from "./by-name.ts";
import { bytesOf, encode } from "./encode.ts";
import type { Digest, HashAlgorithm, HashByName, HashEncoding, HashFunction, HashInput } from "./types.ts";

interface PortableHashFunction extends HashFunction {
  readonly primitive: CHash;
}

function hashFunction(algorithm: HashAlgorithm, primitive: CHash): HashFunction {
  const digest = <E extends HashEncoding = "hex">(data: HashInput, encoding?: E): Digest<E> =>
    encode(primitive(bytesOf(data)), encoding);
  const hash: PortableHashFunction = Object.assign(digest, { algorithm, primitive });
  return hash;
}

/**
 * MD5, for Digest with old servers. It is broken: two texts of the same digest can be made in seconds.
 *
 * @param data bytes, or text as UTF-8
 * @param encoding how the digest comes out; `"hex"` by default
 * @returns the digest, 16 octets
 * @see {@link https://www.rfc-editor.org/rfc/rfc1321 RFC 1321}
 * @example
 * import { md5 } from "@authflow/hash";
 *
 * console.log(md5("Mufasa:testrealm@host.com:Circle Of Life")); // 939e7578ed9e3c518a452acee763bce9
 */
export const md5: HashFunction = /* @__PURE__ */ hashFunction("md5", nobleMd5);

/**
 * SHA-1, for protocols that are bound to it. It is broken: two texts of the same digest can be made.
 *
 * @param data bytes, or text as UTF-8
 * @param encoding how the digest comes out; `"hex"` by default
 * @returns the digest, 20 octets
 * @see {@link https://www.rfc-editor.org/rfc/rfc3174 RFC 3174}
 * @example
 * import { sha1 } from "@authflow/hash";
 *
 * console.log(sha1("abc", "base64")); // qZk+NkcGgWq6PiVxeFDCbJzQ2J0=
 */
export const sha1: HashFunction = /* @__PURE__ */ hashFunction("sha-1", nobleSha1);

/**
 * SHA-256.
 *
 * @param data bytes, or text as UTF-8
 * @param encoding how the digest comes out; `"hex"` by default
 * @returns the digest, 32 octets
 * @see {@link https://www.rfc-editor.org/rfc/rfc6234 RFC 6234}
 * @example
 * import { sha256 } from "@authflow/hash";
 *
 * console.log(sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "base64url")); // RFC 7636's code_challenge
 */
export const sha256: HashFunction = /* @__PURE__ */ hashFunction("sha-256", nobleSha256);

/**
 * SHA-512.
 *
 * @param data bytes, or text as UTF-8
 * @param encoding how the digest comes out; `"hex"` by default
 * @returns the digest, 64 octets
 * @see {@link https://www.rfc-editor.org/rfc/rfc6234 RFC 6234}
 * @example
 * import { sha512 } from "@authflow/hash";
 *
 * console.log(sha512(new Uint8Array([97, 98, 99]), "bytes").length); // 64
 */
export const sha512: HashFunction = /* @__PURE__ */ hashFunction("sha-512", nobleSha512);

/**
 * SHA-512/256, which HTTP calls SHA-512-256: SHA-512 with initial values of its own, cut to 256 bits. It is neither
 * SHA-256 nor a truncated SHA-512, though some clients send one of those under its name.
 *
 * @param data bytes, or text as UTF-8
 * @param encoding how the digest comes out; `"hex"` by default
 * @returns the digest, 32 octets
 * @see {@link https://doi.org/10.6028/NIST.FIPS.180-4 FIPS 180-4 §6.7}
 * @example
 * import { sha512_256 } from "@authflow/hash";
 *
 * console.log(sha512_256("abc")); // 53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23
 */
export const sha512_256: HashFunction = /* @__PURE__ */ hashFunction("sha-512-256", nobleSha512t256);

/**
 * Digests by the name of an algorithm, for names that a server chooses. It brings all of them into a bundle; where the
 * algorithm is known beforehand, import its own function.
 *
 * @param algorithm `"md5"`, `"sha-1"`, `"sha-256"`, `"sha-512"` or `"sha-512-256"`
 * @param data bytes, or text as UTF-8
 * @param encoding how the digest comes out; `"hex"` by default
 * @returns the digest
 * @throws `ERR_AUTHFLOW_HASH_ALGORITHM`, a TypeError, if there is no algorithm of that name
 * @example
 * import { hash } from "@authflow/hash";
 *
 * console.log(hash("sha-256", "abc"));
 */
export const hash: HashByName = /* @__PURE__ */ hashByName({
  md5,
  "sha-1": sha1,
  "sha-256": sha256,
  "sha-512": sha512,
  "sha-512-256": sha512_256,
});

/**
 * HMAC: authenticates data with a key.
 *
 * @param digest the function that it is built on, one of this package's
 * @param key bytes, or text as UTF-8
 * @param data bytes, or text as UTF-8
 * @param encoding how the digest comes out; `"hex"` by default
 * @returns the digest, as long as the hash's
 * @see {@link https://www.rfc-editor.org/rfc/rfc2104 RFC 2104}
 * @example
 * import { hmac, sha256 } from "@authflow/hash";
 *
 * console.log(hmac(sha256, "key", "The quick brown fox jumps over the lazy dog", "base64"));
 */
export function hmac<E extends HashEncoding = "hex">(
  digest: HashFunction,
  key: HashInput,
  data: HashInput,
  encoding?: E,
): Digest<E> {
  // hashFunction made it, as it makes every HashFunction of this module.
  const { primitive } = digest as PortableHashFunction;
  return encode(nobleHmac(primitive, bytesOf(key), bytesOf(data)), encoding);
}
