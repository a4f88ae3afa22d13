import type { Cell } from "./matrix.ts";
import type { Measured } from "./measure.ts";

/** What has to come of a cell; `undefined` where it did. */
export function faultOf({ subjects, journey, status }: Cell, measured: Measured): string | undefined {
  const { from, hops, redirect } = journey;
  const { leaked, bySubject, atHome, later, visits, outcome } = measured;
  if (leaked > 0) return `${leaked} bytes of credentials arrived where they don't belong`;

  // Otherwise nothing would be measured.
  const contended = new Set(subjects.map(({ slot }) => slot)).size < subjects.length;
  if (atHome === 0 || (!contended && bySubject.includes(0))) return "the credentials didn't arrive where they belong";

  const leaves = hops.some(({ to }) => to !== from);
  if (leaves && subjects.some(({ looksUp }, index) => !looksUp && later[index] !== 0)) {
    return "credentials were sent on the return";
  }

  const route = redirect ? [] : hops.map(({ to }, index) => `${index + 1} ${to}`);
  // A challenge is answered as long as nobody has left home.
  const seen = leaves ? visits : visits.filter((visit, at) => visit !== visits[at - 1]);
  if (seen.join() !== route.join()) return `the servers saw [${seen.join(", ")}], not [${route.join(", ")}]`;

  const expected = redirect === "manual" ? String(status) : hops.at(-1)?.asks ? "401" : "200";
  const isRight = redirect === "error" ? outcome.endsWith("thrown") : outcome === expected;
  return isRight ? undefined : `the call ended with ${outcome}`;
}
