// RFC 7616 §3.4: what is remembered of a nonce: how often it was used, and what doesn't change while it lasts.
import { hashOf } from "./algorithm.ts";
import { quoted, usernameParam } from "./authorization.ts";
import { type DigestChallenge, says } from "./challenge.ts";
import type { Credential } from "./credentials.ts";
import { octetsOf } from "./octets.ts";
import { ha1, ha2, type Qop, responseOf, sessionHa1, userhash } from "./response.ts";

/** How the sessions of a scheme answer. */
export interface SessionSettings {
  readonly username: Credential;
  readonly password: Credential;
  readonly cnonce: () => string;
  /** Whether a username that isn't ASCII goes as `username*`. */
  readonly extendedUsername?: boolean | undefined;
}

/** The use of one nonce. What is secret of it stays inside of its functions. */
export interface Session {
  readonly challenge: DigestChallenge;
  /** Where it may be used unasked: paths at its origin. */
  paths: readonly string[];
  /** Whether there is a count left that was never used. */
  readonly isUsable: () => boolean;
  /** §3.4: an answer for one request, with a count (`nc`) that no other has. `entity` is the body, for auth-int. */
  answer(method: string, uri: string, entity: Uint8Array | undefined): Answer;
}

/** An answer to a challenge, and what proves that the response to it comes from someone who knows the password. */
export interface Answer {
  readonly session: Session;
  /** The value of the Authorization field. */
  readonly authorization: string;
  /** §3.5: the `rspauth` that is due, given how the response is protected, and its body. */
  proof(qop: Qop, entity: Uint8Array | undefined): string;
}

/** Begins to use the nonce of a challenge. */
export function createSession(challenge: DigestChallenge, settings: SessionSettings): Session {
  const { params, realm, nonce, algorithm, isSession, qop } = challenge;
  const H = hashOf(algorithm);
  const isNormal = says(challenge, "charset", "utf-8");
  const isHashed = says(challenge, "userhash", "true");
  const username = settings.username(isNormal);
  const clientNonce = (): string => octetsOf(settings.cnonce());
  // The key of a -sess session holds both nonces, so the client's stays as long as the server's.
  const fixed = isSession ? clientNonce() : undefined;
  const plain = ha1(H, username, realm, settings.password(isNormal));
  const key = fixed === undefined ? plain : sessionHa1(H, plain, nonce, fixed);
  // What is the same in all its answers. The algorithm goes back as the server wrote it.
  let constant = isHashed
    ? `username="${userhash(H, username, realm)}", userhash=true`
    : usernameParam(username, settings.extendedUsername);
  constant += `, realm=${quoted(realm)}, nonce=${quoted(nonce)}`;
  if (params.has("algorithm")) constant += `, algorithm=${params.get("algorithm")}`;
  if (params.has("opaque")) constant += `, opaque=${quoted(octetsOf(params.get("opaque")))}`;
  if (qop) constant += `, qop=${qop}`;
  let count = 0;

  const session: Session = {
    challenge,
    paths: [],
    isUsable: () => count < 0xffffffff,
    answer(method, uri, entity) {
      const nc = (++count).toString(16).padStart(8, "0");
      // RFC 2617 has it with a qop only; but without it nobody could compute the key of a session.
      const cnonce = fixed ?? (qop && clientNonce()) ?? "";
      const compute = (quality: Qop, hashedA2: string): string =>
        responseOf(H, key, nonce, nc, cnonce, quality, hashedA2);
      const response = compute(qop, ha2(H, method, uri, entity));
      let authorization = `Digest ${constant}, uri=${quoted(uri)}, response="${response}"`;
      if (qop) authorization += `, nc=${nc}`;
      if (cnonce) authorization += `, cnonce=${quoted(cnonce)}`;
      return {
        session,
        authorization,
        proof: (quality, body) => compute(quality, ha2(H, "", uri, body)),
      };
    },
  };
  return session;
}
