import { createHash } from "node:crypto";
import type { Account } from "../servers/accounts.ts";

/**
 * The Authorization header of a client that knows RFC 7616 §3.4.1 and nothing else: for one request, that of `target`.
 *
 * @param challenged the 401
 */
export function answerByHand(challenged: Response, method: string, target: string, account: Account): string {
  const challenge = challenged.headers.get("www-authenticate") ?? "";
  const param = (name: string): string => new RegExp(`\\b${name}="?([^",]*)`).exec(challenge)?.[1] ?? "";
  const hash = (text: string): string =>
    createHash(param("algorithm").replace("-", "").toLowerCase()).update(text).digest("hex");

  const { username, password } = account;
  const a1 = hash(`${username}:${param("realm")}:${password}`);
  const a2 = hash(`${method}:${target}`);
  const response = hash(`${a1}:${param("nonce")}:00000001:0a4f113b:auth:${a2}`);
  return (
    `Digest username="${username}", realm="${param("realm")}", nonce="${param("nonce")}", uri="${target}", ` +
    `algorithm=${param("algorithm")}, qop=auth, nc=00000001, cnonce="0a4f113b", response="${response}"`
  );
}
