export type { DigestAlgorithm } from "./algorithm.ts";
export { digest } from "./digest.ts";
export type { DigestOptions } from "./options.ts";
