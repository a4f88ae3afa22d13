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
  return sessions.find(({ paths, isUsable }) => isUsable() && paths.some((path) => covers(path, uri)));
}

/** The session for a challenge. One whose nonce is known goes on counting: no count is used twice. */
export function begin(
  place: Place,
  challenge: DigestChallenge,
  paths: readonly string[],
  settings: SessionSettings,
): Session {
  const { sessions } = place;
  const session = sessions.find((known) => isSame(known.challenge, challenge)) ?? createSession(challenge, settings);
  session.paths = paths;
  place.sessions = [session, ...sessions.filter((known) => known !== session)].slice(0, LIMIT);
  return session;
}
