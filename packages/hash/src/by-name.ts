import type { HashAlgorithm, HashByName, HashFunction } from "./types.ts";

/** A function that looks the algorithm up among these. */
export function hashByName(functions: Readonly<Record<HashAlgorithm, HashFunction>>): HashByName {
  return (algorithm, data, encoding) => {
    // The name may come from a header: nothing that every object inherits is an algorithm.
    if (Object.hasOwn(functions, algorithm)) return functions[algorithm](data, encoding);
    throw Object.assign(
      new TypeError(`There is no hash algorithm ${algorithm}. Name one of ${Object.keys(functions).join(", ")}.`),
      { code: "ERR_AUTHFLOW_HASH_ALGORITHM" },
    );
  };
}
