// A cold burst of calls to an origin shares one handshake: one call leads, and the others wait for the challenge that it
// gets. Nothing is held across a `yield` but a promise with a time limit.
import { waitFor } from "@authflow/flow";
import type { Place } from "./place.ts";

/**
 * Waits until a challenge is known, the leader failed, the time is up, or the signal aborts, whichever comes first.
 *
 * @param timeout how long a call waits, in milliseconds
 * @returns what the call has to call once it has heard from the server: if it leads, the others go on then
 * @throws what the signal was aborted with
 */
export async function enter(
  lookUp: () => readonly [place: Place, session: unknown, ...unknown[]],
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const [place, session] = lookUp();
    const { leader } = place;
    const now = performance.now();
    if (session || place.isOpen) break;
    // A leader of whom nothing was heard in time is followed by another. That must not depend on code of its own: a
    // runtime may end a call with all that belongs to it (workerd).
    if (!leader || leader.until <= now) return lead(place, now + timeout);
    if (deadline <= now) break;
    await waitFor(leader.heard, { signal, timeLimit: deadline - now });
  }
  return () => {};
}

function lead(place: Place, until: number): () => void {
  let release: (() => void) | undefined;
  const leader = {
    until,
    heard: new Promise<void>((resolve) => {
      release = resolve;
    }),
  };
  place.leader = leader;
  return () => {
    leader.until = 0;
    release?.();
  };
}
