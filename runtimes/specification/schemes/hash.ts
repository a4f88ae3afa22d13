import { hash, hmac, md5, sha1, sha256, sha512, sha512_256 } from "@authflow/hash";
import vectors from "../../../conformance/hashes.json" with { type: "json" };
import type { Chapter } from "../case.ts";
import { holds, same } from "../expect.ts";

const BY_NAME = { md5, "sha-1": sha1, "sha-256": sha256, "sha-512": sha512, "sha-512-256": sha512_256 };

export const hashChapter: Chapter = {
  promise: "Hashes",
  cases: [
    {
      title: "every digest and HMAC is what its specification prints, by whatever computes it here",
      run() {
        holds(vectors.cases.length > 40, "the vectors are there");
        for (const given of vectors.cases) {
          if (given.hmac !== undefined) {
            const name = given.hmac as keyof typeof BY_NAME; // conformance/README.md has the names
            const mac = hmac(BY_NAME[name], fromHex(given.key_hex), fromHex(given.data_hex));
            same(mac.slice(0, given.expect.length), given.expect, given.id);
          } else {
            const name = given.algorithm as keyof typeof BY_NAME; // the same
            const text = given.text.repeat(given.times ?? 1);
            same([BY_NAME[name](text), hash(name, text)], [given.expect, given.expect], given.id);
          }
        }
      },
    },
  ],
};

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
