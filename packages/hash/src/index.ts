export { hash, hmac, md5, sha1, sha256, sha512, sha512_256 } from "./portable.ts";
export type { Digest, HashAlgorithm, HashByName, HashEncoding, HashFunction, HashInput, Hmac } from "./types.ts";
