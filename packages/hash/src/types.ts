/** What to hash: bytes, or text, which is hashed as its UTF-8. */
export type HashInput = string | Uint8Array;

/** How a digest comes out: lower-case hexadecimal, base64 with padding, base64url without, or bytes. */
export type HashEncoding = "hex" | "base64" | "base64url" | "bytes";

/** What a digest comes out as. */
export type Digest<E extends HashEncoding> = E extends "bytes" ? Uint8Array : string;

/** The names of the algorithms, as HTTP's registries spell them, in lower case. */
export type HashAlgorithm = "md5" | "sha-1" | "sha-256" | "sha-512" | "sha-512-256";

/** Digests data; to hexadecimal unless told otherwise. */
export interface HashFunction {
  <E extends HashEncoding = "hex">(data: HashInput, encoding?: E): Digest<E>;
  /** The name by which `hash` knows this function. */
  readonly algorithm: HashAlgorithm;
}

/** Digests data by the name of an algorithm; to hexadecimal unless told otherwise. */
export type HashByName = <E extends HashEncoding = "hex">(
  algorithm: HashAlgorithm,
  data: HashInput,
  encoding?: E,
) => Digest<E>;

/** Authenticates data with a key; to hexadecimal unless told otherwise. */
export type Hmac = <E extends HashEncoding = "hex">(
  digest: HashFunction,
  key: HashInput,
  data: HashInput,
  encoding?: E,
) => Digest<E>;

/** What an implementation offers: the exports of every entry of this package. */
export interface Hashes {
  readonly md5: HashFunction;
  readonly sha1: HashFunction;
  readonly sha256: HashFunction;
  readonly sha512: HashFunction;
  readonly sha512_256: HashFunction;
  readonly hash: HashByName;
  readonly hmac: Hmac;
}
