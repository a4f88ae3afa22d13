import { expectTypeOf, test } from "vitest";
import * as nodeEntry from "./node.ts";
import * as portable from "./index.ts";
import type { HashEncoding, HashFunction } from "./index.ts";
import { hash, hmac, md5, sha256, sha512_256 } from "./index.ts";

test("types", () => {
  expectTypeOf(sha256("a")).toEqualTypeOf<string>();
  expectTypeOf(sha256(new Uint8Array(), "base64")).toEqualTypeOf<string>();
  expectTypeOf(sha256("a", "bytes")).toEqualTypeOf<Uint8Array>();
  expectTypeOf(hash("sha-512-256", "a")).toEqualTypeOf<string>();
  expectTypeOf(hash("md5", "a", "bytes")).toEqualTypeOf<Uint8Array>();
  expectTypeOf(hmac(sha512_256, "key", "a")).toEqualTypeOf<string>();
  expectTypeOf(hmac(md5, new Uint8Array(), "a", "bytes")).toEqualTypeOf<Uint8Array>();
  expectTypeOf(md5).toEqualTypeOf<HashFunction>();

  // An encoding that is known at run time only.
  expectTypeOf(sha256<HashEncoding>("a", "hex")).toEqualTypeOf<string | Uint8Array>();

  // One declaration file describes both entries.
  expectTypeOf(nodeEntry).toExtend<typeof portable>();
  expectTypeOf(portable).toExtend<typeof nodeEntry>();

  // @ts-expect-error HTTP's spelling is "sha-256"
  hash("sha256", "a");
  // @ts-expect-error nothing but text and bytes
  sha256(1);
  // @ts-expect-error an encoding that it doesn't have
  sha256("a", "latin1");
  // @ts-expect-error the function, not its name
  hmac("sha-256", "key", "a");
});
