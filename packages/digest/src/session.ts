// RFC 7616 §3.4: what is remembered of a nonce: how often it was used, and what doesn't change while it lasts.
import { hashOf } from "./algorithm.ts";
import { quoted, usernameParam } from "./authorization.ts";
import { type DigestChallenge, says } from "./challenge.ts";
import type { Credential } from "./credentials.ts";
import { fieldOf, octetsOf } from "./octets.ts";
import { type Entity, ha1, ha2, type Qop, responseOf, sessionHa1, userhash } from "./response.ts";

/** How the sessions of a scheme answer. */
export interface SessionSettings {
  readonly username: Credential;
  readonly password: Credential;
  /** Makes the client's nonces, in octets. */
  readonly cnonce: () => string;
  /** Whether a username that isn't ASCII goes as `username*`. */
  readonly extendedUsername?: boolean | undefined;
}

/** How often a nonce was used. */
export interface NonceCount {
  value: number;
}

/** The use of one nonce. What is secret of it stays inside of its functions. */
export interface Session {
  readonly challenge: DigestChallenge;
  readonly count: NonceCount;
  /** Where it may be used unasked: paths at its origin. */
  paths: readonly string[];
  /** §3.4: an answer for one request, with a count (`nc`) that no other has. `entity` is the body, for auth-int. */
  answer(method: string, uri: string, entity: Entity): Answer;
}

/** An answer to a challenge, and what proves that the response to it comes from someone who knows the password. */
export interface Answer {
  readonly session: Session;
  /** The value of the Authorization field. */
  readonly authorization: string;
  /** §3.5: the `rspauth` that is due, given how the response is protected, and its body. */
  proof(qop: Qop, entity: Entity): string;
}

/** @param count how often the nonce was used before; nobody knows of it by default */
export function createSession(
  challenge: DigestChallenge,
  paths: readonly string[],
  settings: SessionSettings,
  count: NonceCount = { value: 0 },
): Session {
  const { params, realm, nonce, algorithm, isSession, qop } = challenge;
  const H = hashOf(algorithm);
  const isNormal = says(challenge, "charset", "utf-8");
  const isHashed = says(challenge, "userhash", "true");
  const username = settings.username(isNormal);
  // The key of a -sess session holds both nonces, so the client's stays as long as the server's.
  const fixed = isSession ? settings.cnonce() : undefined;
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
  constant = fieldOf(constant);

  const session: Session = {
    challenge,
    count,
    paths,
    answer(method, uri, entity) {
      const nc = (++count.value).toString(16).padStart(8, "0");
      // RFC 2617 has it with a qop only; but without it nobody could compute the key of a session.
      const cnonce = fixed ?? (qop && settings.cnonce()) ?? "";
      const compute = (verb: string, quality: Qop, body: Entity): string =>
        responseOf(H, key, nonce, nc, cnonce, quality, ha2(H, verb, uri, body));
      let authorization = `Digest ${constant}, uri=${quoted(uri)}, response="${compute(method, qop, entity)}"`;
      if (qop) authorization += `, nc=${nc}`;
      if (cnonce) authorization += `, cnonce=${fieldOf(quoted(cnonce))}`;
      return { session, authorization, proof: (quality, body) => compute("", quality, body) };
    },
  };
  return session;
}
