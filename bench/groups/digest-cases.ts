import { createHash, hash, randomBytes } from "node:crypto";
import { digest } from "@authflow/digest";
import type { Compared, Run } from "./compared.ts";
import type { Next } from "./mock-next.ts";

const URL_TEXT = "https://api.example.com/v1/items?page=2";
const URI = "/v1/items?page=2";
export const ACCOUNT = { username: "finley", password: "secret" };
export const CHALLENGED = { realm: "bench", nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v" };

export const DIGEST_CASES: readonly Compared[] = [
  {
    name: "by hand: a Request, a new cnonce, crypto.hash twice, a header",
    make: (next) => byHand(next, "SHA-256"),
    byHand: (next) => byHand(next, "SHA-256"),
  },
  {
    name: "digest, SHA-256, warm",
    limit: 2,
    make: (next) => warm(next, "SHA-256"),
    byHand: (next) => byHand(next, "SHA-256"),
  },
  { name: "digest, MD5, warm", make: (next) => warm(next, "MD5"), byHand: (next) => byHand(next, "MD5") },
  {
    name: "by hand with one cnonce for all calls",
    make: (next) => byHand(next, "SHA-256", always(newCnonce())),
    byHand: (next) => byHand(next, "SHA-256"),
  },
  {
    name: "by hand with createHash, and the key computed each time",
    make: (next) => asUsual(next),
    byHand: (next) => byHand(next, "SHA-256"),
  },
];

type Algorithm = "SHA-256" | "MD5";

/** A client that has answered a challenge, and from then on answers before it is asked. */
async function warm(next: Next, algorithm: Algorithm): Promise<Run> {
  const authFetch = digest(ACCOUNT)(next.fetch);
  const { realm, nonce } = CHALLENGED;
  const challenge = `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=${algorithm}`;
  next.answer(new Response(null, { status: 401, headers: { "www-authenticate": challenge } }));
  const { status } = await authFetch(URL_TEXT);
  if (status !== 200) throw new Error(`The challenge was not answered: ${status}.`);
  return () => authFetch(URL_TEXT);
}

/** What RFC 7616 §3.4 has a cnonce for is one that no server can foresee: a new one for each request. */
const newCnonce = (): string => randomBytes(8).toString("hex");
const always = (cnonce: string) => (): string => cnonce;

/** The least that is a digest: one URL, one challenge, the key computed before. */
function byHand({ fetch }: Next, algorithm: Algorithm, cnonceOf: () => string = newCnonce): Run {
  const name = algorithm === "MD5" ? "md5" : "sha256";
  const hashed = (text: string): string => hash(name, text, "hex");
  const { realm, nonce } = CHALLENGED;
  const key = hashed(`${ACCOUNT.username}:${realm}:${ACCOUNT.password}`);
  let count = 0;
  return () => {
    const cnonce = cnonceOf();
    const nc = (++count).toString(16).padStart(8, "0");
    const response = hashed(`${key}:${nonce}:${nc}:${cnonce}:auth:${hashed(`GET:${URI}`)}`);
    const authorization = `Digest username="${ACCOUNT.username}", realm="${realm}", nonce="${nonce}", uri="${URI}", algorithm=${algorithm}, response="${response}", qop=auth, nc=${nc}, cnonce="${cnonce}"`;
    const request = new Request(URL_TEXT);
    request.headers.set("authorization", authorization);
    return fetch(request);
  };
}

const H = (text: string): string => createHash("sha256").update(text).digest("hex");

/** As it is mostly written: each call computes the key anew. */
function asUsual({ fetch }: Next): Run {
  const { realm, nonce } = CHALLENGED;
  let count = 0;
  return () => {
    const { pathname, search } = new URL(URL_TEXT);
    const uri = pathname + search;
    const cnonce = newCnonce();
    const nc = (++count).toString(16).padStart(8, "0");
    const key = H(`${ACCOUNT.username}:${realm}:${ACCOUNT.password}`);
    const response = H(`${key}:${nonce}:${nc}:${cnonce}:auth:${H(`GET:${uri}`)}`);
    const authorization = `Digest username="${ACCOUNT.username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, response="${response}", qop=auth, nc=${nc}, cnonce="${cnonce}"`;
    return fetch(new Request(URL_TEXT, { headers: { authorization } }));
  };
}
