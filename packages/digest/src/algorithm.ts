// RFC 7616 §3.3, `algorithm`, and §6.1, its names; SHA and SHA-512 are in no registry, but servers have them.
import { hash } from "@authflow/hash";
import { hashable } from "./octets.ts";

/** What a digest is computed with; each stands for its `-sess` variant, too. */
export type DigestAlgorithm = "SHA-512" | "SHA-512-256" | "SHA-256" | "SHA" | "MD5";

/** All of them, the strongest first. */
export const ALGORITHMS: readonly DigestAlgorithm[] = ["SHA-512", "SHA-512-256", "SHA-256", "SHA", "MD5"];

/** §3.2: H(data) of texts in octets, with colons between them, or of a body; in lower-case hexadecimal. */
export type Hash = (...data: readonly (string | Uint8Array)[]) => string;

/** H of an algorithm. */
export function hashOf(algorithm: DigestAlgorithm): Hash {
  // The hash package calls SHA by the number that tells it from its successors; of the others it lowers the case, as the
  // cast says.
  const name = algorithm === "SHA" ? "sha-1" : (algorithm.toLowerCase() as Lowercase<typeof algorithm>);
  return (...data) => hash(name, typeof data[0] === "object" ? data[0] : hashable(data.join(":")));
}
