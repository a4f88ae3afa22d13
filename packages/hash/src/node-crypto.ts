import type * as NodeCrypto from "node:crypto";
import { hashByName } from "./by-name.ts";
import type { Digest, HashAlgorithm, HashEncoding, Hashes, HashFunction, HashInput } from "./types.ts";

/** What is used of node:crypto. A runtime may have the module without its one-shot `hash`. */
type Crypto = Pick<typeof NodeCrypto, "createHash" | "createHmac"> & Partial<Pick<typeof NodeCrypto, "hash">>;

/** OpenSSL writes `sha512-256` where HTTP writes `sha-512-256`. */
const nameOf = (algorithm: HashAlgorithm): string => algorithm.replace("sha-", "sha");

// A Buffer is copied, so that both implementations give a plain Uint8Array.
const finish = (state: ReturnType<Crypto["createHash" | "createHmac"]>, encoding: HashEncoding): string | Uint8Array =>
  encoding === "bytes" ? new Uint8Array(state.digest()) : state.digest(encoding);

function hashFunction({ createHash, hash: oneShot }: Crypto, algorithm: HashAlgorithm): HashFunction {
  const name = nameOf(algorithm);
  const digest = (data: HashInput, encoding: HashEncoding = "hex"): string | Uint8Array => {
    if (oneShot === undefined) return finish(createHash(name).update(data), encoding);
    return encoding === "bytes" ? new Uint8Array(oneShot(name, data, "buffer")) : oneShot(name, data, encoding);
  };
  // The cast says for each encoding which of the two comes out.
  return Object.assign(digest as <E extends HashEncoding = "hex">(data: HashInput, encoding?: E) => Digest<E>, {
    algorithm,
  });
}

/** Every hash by this node:crypto: by its one-shot function where there is one, which takes half the time. */
export function nodeHashes(crypto: Crypto): Hashes {
  const md5 = hashFunction(crypto, "md5");
  const sha1 = hashFunction(crypto, "sha-1");
  const sha256 = hashFunction(crypto, "sha-256");
  const sha512 = hashFunction(crypto, "sha-512");
  const sha512_256 = hashFunction(crypto, "sha-512-256");
  return {
    md5,
    sha1,
    sha256,
    sha512,
    sha512_256,
    hash: hashByName({ md5, "sha-1": sha1, "sha-256": sha256, "sha-512": sha512, "sha-512-256": sha512_256 }),
    hmac: <E extends HashEncoding = "hex">(digest: HashFunction, key: HashInput, data: HashInput, encoding?: E) =>
      // The cast says for each encoding which of the two comes out.
      finish(crypto.createHmac(nameOf(digest.algorithm), key).update(data), encoding ?? "hex") as Digest<E>,
  };
}
