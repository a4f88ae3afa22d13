// RFC 7616 §3.4: what is remembered of a nonce: how often it was used, and what doesn't change while it lasts.
import { hashOf } from "./algorithm.ts";
import { type DigestChallenge, says } from "./challenge.ts";
import type { Credential } from "./credentials.ts";
import { quoted, written } from "./fields.ts";
import { keyOf, type Message, type Qop, responseOf } from "./response.ts";

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
  /** §3.4: an answer for one request, with a count (`nc`) that no other has. `request` has the body, for auth-int. */
  answer(method: string, uri: string, request: Message): Answer;
}

/** An answer to a challenge, and what proves that the response to it comes from someone who knows the password. */
export interface Answer {
  readonly session: Session;
  /** The value of the Authorization field. */
  readonly authorization: string;
  /**
   * §3.5: whether an `rspauth`, in lower case, is the one that is due, given how the response is protected. What is
   * compared are hashes of both, so the time that it takes doesn't tell how much of a guess is right.
   */
  isProvenBy(rspauth: string, qop: Qop, response: Message): boolean;
}

/** @param count how often the nonce was used before; nobody knows of it by default */
export function createSession(
  challenge: DigestChallenge,
  paths: readonly string[],
  settings: SessionSettings,
  count: NonceCount = { value: 0 },
): Session {
  const { realm, nonce, algorithm, opaque, qop } = challenge;
  const H = hashOf(challenge.hashAlgorithm);
  const isNormal = says(challenge.charset, "utf-8");
  const username = settings.username(isNormal);
  // The key of a -sess session holds both nonces, so the client's stays as long as the server's.
  const fixed = /-sess$/i.test(algorithm ?? "") ? settings.cnonce() : undefined;
  const key = keyOf(H, username, realm, settings.password(isNormal), nonce, fixed);
  const named = says(challenge.userhash, "true")
    ? { username: H(username, realm), userhash: "true" }
    : settings.extendedUsername && /[^\0-\x7f]/.test(username)
      ? {
          // RFC 8187 §3.2
          "username*": `UTF-8''${username.replace(/\W/g, (octet) => `%${octet.charCodeAt(0).toString(16).toUpperCase()}`)}`,
        }
      : { username };
  // What is the same in all its answers. The algorithm goes back as the server wrote it.
  const constant = written({ ...named, realm, nonce, algorithm, opaque, qop });

  const session: Session = {
    challenge,
    count,
    paths,
    answer(method, uri, request) {
      const nc = (++count.value).toString(16).padStart(8, "0");
      // RFC 2617 has it with a qop only; but without it nobody could compute the key of a session.
      const cnonce = fixed ?? (qop && settings.cnonce());
      const compute = (verb: string, quality: Qop, message: Message): string =>
        responseOf(H, key, nonce, nc, cnonce ?? "", quality, verb, uri, message);
      let own = `uri=${quoted(uri)}, response="${compute(method, qop, request)}"`;
      if (qop) own += `, nc=${nc}`;
      if (cnonce) own += `, cnonce=${quoted(cnonce)}`;
      return {
        session,
        authorization: `Digest ${constant}, ${own}`,
        isProvenBy: (rspauth, quality, response) => H(compute("", quality, response)) === H(rspauth),
      };
    },
  };
  return session;
}
