// A cold burst of calls to an origin shares one handshake: one call leads, and the others wait for the challenge that it
// gets. Nothing is held across a `yield` but a promise with a time limit.
import type { Place } from "./place.ts";

/**
 * Waits until a challenge is known, the leader failed, the time is up, or the signal aborts, whichever comes first.
 *
 * @param timeout how long a call waits, in milliseconds
 * @returns for the one that leads, what it has to call once it has heard from the server; for others nothing
 */
export async function enter(
  place: Place,
  isKnown: () => unknown,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<(() => void) | undefined> {
  const deadline = performance.now() + timeout;
  while (!isKnown() && !place.isOpen) {
    const { leader } = place;
    const now = performance.now();
    // A leader of whom nothing was heard in time is followed by another. That must not depend on code of its own: a
    // runtime may end a call with all that belongs to it (workerd).
    if (!leader || leader.until <= now) return lead(place, now + timeout);
    if (deadline <= now) break;
    await orElse(leader.heard, deadline - now, signal);
    signal?.throwIfAborted();
  }
  return undefined;
}

function lead(place: Place, until: number): () => void {
  let release: (() => void) | undefined;
  const heard = new Promise<void>((resolve) => {
    release = resolve;
  });
  const leader = { until, heard };
  place.leader = leader;
  return () => {
    leader.until = 0;
    release?.();
  };
}

/** Waits for a promise, a time or an abort. */
function orElse(event: Promise<void>, time: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const leave = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
      resolve();
    };
    const timer = setTimeout(leave, time);
    signal?.addEventListener("abort", leave);
    void event.then(leave);
  });
}
