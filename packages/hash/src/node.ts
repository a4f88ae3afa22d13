// The entry for Node, Deno and Bun: what index.ts exports, by the runtime's own crypto.
import * as crypto from "node:crypto";
import { nodeHashes } from "./node-crypto.ts";
import type { Hashes } from "./types.ts";

export const { md5, sha1, sha256, sha512, sha512_256, hash, hmac }: Hashes = nodeHashes(crypto);
