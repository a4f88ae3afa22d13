// A page that wants Digest (RFC 7616), by SHA-256 or, for old clients, by MD5. It is no model of a server: it takes its
// nonce for as long as it runs, and doesn't count.
import { createHash, randomUUID } from "node:crypto";
import { parseChallenges } from "@authflow/challenge";
import type { ReceivedRequest } from "@authflow/testing/server";

const REALM = "authflow";
const NONCE = randomUUID();
const HASHES: Readonly<Record<string, string>> = { "SHA-256": "sha256", MD5: "md5" };

/** The lines of WWW-Authenticate, the strongest first. */
export const DIGEST_CHALLENGES: readonly string[] = Object.keys(HASHES).map(
  (algorithm) => `Digest realm="${REALM}", nonce="${NONCE}", qop="auth", algorithm=${algorithm}`,
);

/** Whether a request proves to know the password of an account (§3.4.1). */
export function provesDigest(
  { method, target, headers }: ReceivedRequest,
  username: string,
  password: string,
): boolean {
  const [credentials] = parseChallenges(headers, "authorization");
  const said = (name: string): string => credentials?.params.get(name) ?? "";
  const hash = HASHES[said("algorithm")];
  if (credentials?.scheme !== "digest" || hash === undefined) return false;
  if (said("username") !== username || said("nonce") !== NONCE || said("uri") !== target) return false;
  const h = (text: string): string => createHash(hash).update(text).digest("hex");
  const secret = h(`${username}:${REALM}:${password}`);
  const about = h(`${method}:${target}`);
  return said("response") === h([secret, NONCE, said("nc"), said("cnonce"), said("qop"), about].join(":"));
}
