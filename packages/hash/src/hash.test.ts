import * as crypto from "node:crypto";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeHashes } from "./node-crypto.ts";
import * as nodeEntry from "./node.ts";
import * as portable from "./index.ts";
import type { HashAlgorithm, Hashes, HashFunction } from "./types.ts";

type Case = { readonly id: string; readonly expect: string } & (
  | { readonly algorithm: HashAlgorithm; readonly text: string; readonly times?: number }
  | { readonly hmac: HashAlgorithm; readonly key_hex: string; readonly data_hex: string }
);

// Our own file, whose format conformance/README.md describes.
const { cases } = JSON.parse(readFileSync(new URL("../../../conformance/hashes.json", import.meta.url), "utf8")) as {
  cases: readonly Case[];
};

const { createHash, createHmac } = crypto;
const implementations: readonly (readonly [string, Hashes])[] = [
  ["node:crypto, one-shot", nodeEntry],
  ["node:crypto without crypto.hash", nodeHashes({ createHash, createHmac })],
  ["@noble/hashes", portable],
];

const names: readonly HashAlgorithm[] = ["md5", "sha-1", "sha-256", "sha-512", "sha-512-256"];
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const named = ({ md5, sha1, sha256, sha512, sha512_256 }: Hashes): readonly HashFunction[] => [
  md5,
  sha1,
  sha256,
  sha512,
  sha512_256,
];

test("conformance/hashes.json holds the cases that this file was written for", () => {
  expect(cases).toHaveLength(47);
});

describe.each(implementations)("by %s", (_, hashes) => {
  const functions = named(hashes);
  const functionOf = (name: HashAlgorithm): HashFunction => functions[names.indexOf(name)] ?? hashes.md5;

  test.each(cases.map((given) => [given.id, given] as const))(
    "computes %s as its specification prints it",
    (_id, given) => {
      if ("hmac" in given) {
        const mac = hashes.hmac(functionOf(given.hmac), bytesOf(given.key_hex), bytesOf(given.data_hex));
        expect(mac.slice(0, given.expect.length)).toBe(given.expect);
      } else {
        const text = given.text.repeat(given.times ?? 1);
        expect(functionOf(given.algorithm)(text)).toBe(given.expect);
        expect(hashes.hash(given.algorithm, text)).toBe(given.expect);
      }
    },
  );

  test("says SHA-512/256 and neither SHA-256 nor a truncated SHA-512 (RFC 7616 §3.2)", () => {
    const userhash = hashes.sha512_256("Jäsøn Doe:api@example.org");
    expect(userhash).toBe("793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
    expect(userhash).not.toBe(hashes.sha256("Jäsøn Doe:api@example.org"));
    expect(userhash).not.toBe(hashes.sha512("Jäsøn Doe:api@example.org").slice(0, 64));
  });

  test("names its functions as it looks them up", () => {
    expect(functions.map(({ algorithm }) => algorithm)).toEqual(names);
  });

  test("hashes text as UTF-8, a lone surrogate as U+FFFD", () => {
    expect(hashes.md5("é")).toBe(hashes.md5(new Uint8Array([0xc3, 0xa9])));
    expect(hashes.md5("\ud800")).toBe(hashes.md5("\ufffd"));
    expect(hashes.hmac(hashes.sha1, "é", "é")).toBe(
      hashes.hmac(hashes.sha1, new Uint8Array([0xc3, 0xa9]), new Uint8Array([0xc3, 0xa9])),
    );
  });

  test("hashes the part of a buffer that it is given, and leaves it as it is", () => {
    const buffer = new Uint8Array([0, 97, 98, 99, 0]);
    expect(hashes.sha1(buffer.subarray(1, 4))).toBe(hashes.sha1("abc"));
    expect(buffer).toEqual(new Uint8Array([0, 97, 98, 99, 0]));
  });

  test("gives hexadecimal, base64 (RFC 4648 §4), base64url without padding (§5) or bytes", () => {
    expect(hashes.md5("abc", "hex")).toBe("900150983cd24fb0d6963f7d28e17f72");
    expect(hashes.md5("abc", "base64")).toBe("kAFQmDzST7DWlj99KOF/cg==");
    expect(hashes.md5("abc", "base64url")).toBe("kAFQmDzST7DWlj99KOF_cg");
    expect(hashes.sha512("abc", "base64url")).not.toMatch(/[+/=]/);
    expect(hashes.hash("sha-1", "abc", "base64")).toBe("qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
    expect(hashes.hash("sha-1", "abc", "base64url")).toBe("qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
    expect(hashes.hmac(hashes.md5, "key", "abc", "base64url")).toHaveLength(22);
  });

  test("gives bytes as a plain Uint8Array of their own", () => {
    for (const bytes of [
      hashes.sha256("abc", "bytes"),
      hashes.hash("sha-256", "abc", "bytes"),
      hashes.hmac(hashes.sha256, "key", "abc", "bytes"),
    ]) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
      expect(bytes.buffer.byteLength).toBe(32);
    }
    expect(hashes.md5("abc", "bytes")).toEqual(bytesOf("900150983cd24fb0d6963f7d28e17f72"));
  });

  test.each(["sha256", "SHA-256", "sha-384", "", "constructor", "__proto__"])("knows no algorithm %j", (name) => {
    // A name that only its caller believes in, as plain JavaScript may pass it.
    expect(() => hashes.hash(name as HashAlgorithm, "abc")).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_HASH_ALGORITHM", name: "TypeError" }),
    );
  });
});

test("crypto.hash is used where there is one", () => {
  const { sha256 } = nodeHashes({
    ...crypto,
    createHash() {
      throw new Error("createHash takes twice the time");
    },
  });
  expect(sha256("abc")).toBe(nodeEntry.sha256("abc"));
});

describe("the implementations agree", () => {
  const data = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary", maxLength: 300 }));
  const encoding = fc.constantFrom("hex", "base64", "base64url", "bytes");

  test("on every digest", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), data, encoding, (name, input, as) => {
        const [expected, ...others] = implementations.map(([, { hash }]) => hash(name, input, as));
        for (const other of others) expect(other).toEqual(expected);
      }),
    );
  });

  test("on every HMAC, whatever the length of its key", () => {
    fc.assert(
      fc.property(fc.nat(4), data, data, encoding, (index, key, input, as) => {
        const [expected, ...others] = implementations.map(([, hashes]) =>
          hashes.hmac(named(hashes)[index] ?? hashes.md5, key, input, as),
        );
        for (const other of others) expect(other).toEqual(expected);
      }),
    );
  });
});
