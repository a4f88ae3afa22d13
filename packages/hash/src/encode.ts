import { bytesToHex } from "@noble/hashes/utils.js";
import type { Digest, HashEncoding, HashInput } from "./types.ts";

/** Text as UTF-8, in which a lone surrogate is U+FFFD; bytes as they are. */
export function bytesOf(data: HashInput): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}

function text(digest: Uint8Array, encoding: "hex" | "base64" | "base64url"): string {
  if (encoding === "hex") return bytesToHex(digest);
  const base64 = btoa(String.fromCharCode(...digest));
  return encoding === "base64" ? base64 : base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The digest as it was asked for. */
export function encode<E extends HashEncoding>(digest: Uint8Array, encoding: E | undefined): Digest<E> {
  // A conditional type stays open as long as E does; text() and the digest itself are what it names.
  return (encoding === "bytes" ? digest : text(digest, encoding ?? "hex")) as Digest<E>;
}
