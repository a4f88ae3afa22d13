// RFC 7616 §3.3: what a client remembers of an origin, to answer before it is asked.
import { type DigestChallenge, isSame } from "./challenge.ts";
import { covers } from "./protection-space.ts";
import { createSession, type Session, type SessionSettings } from "./session.ts";

/** How many nonces of an origin are remembered. */
const LIMIT = 16;

/** What is known of an origin. */
export interface Place {
  /** The latest first. */
  sessions: readonly Session[];
  /** It has answered without a challenge. */
  isOpen?: boolean;
  /** The call that is about to get the first challenge. */
  leader?: { until: number; readonly heard: Promise<void> };
}

/** The latest session in whose protection space a URI is. */
export function sessionFor({ sessions }: Place, uri: string): Session | undefined {
  return sessions.find(({ count, paths }) => count.value < 0xffffffff && paths.some((path) => covers(path, uri)));
}

/** The session for a challenge. A nonce that is known is counted on, whatever else is new: no count is used twice. */
export function begin(
  place: Place,
  challenge: DigestChallenge,
  paths: readonly string[],
  settings: SessionSettings,
): Session {
  const { sessions } = place;
  const known = sessions.find((one) => isSame(one.challenge, challenge));
  const session = createSession(challenge, paths, settings, known?.count);
  place.sessions = [session, ...sessions.filter((one) => one !== known)].slice(0, LIMIT);
  return session;
}
