import type { Hop } from "./hop.ts";

/** Headers that the schemes outside have set, which those inside leave alone; sorted by name, as Headers give them. */
export type Guard = readonly (readonly [name: string, value: string])[];

export const NO_GUARD: Guard = [];

/** The caller's own credentials: they belong to the origin that they were given for. */
export const CALLERS_OWN: readonly string[] = ["authorization", "proxy-authorization", "cookie", "host"];

/** What has been set since: headers that differ from those that were given. */
export function guardOf(now: Guard, given: Guard): Guard {
  let index = 0;
  return now.filter(([name, value]) => {
    while (index < given.length && (given[index]?.[0] ?? "") < name) index++;
    const [givenName, givenValue] = given[index] ?? [];
    return givenName !== name || givenValue !== value;
  });
}

/** Puts back what a scheme inside replaced or took off. */
export function keepGuarded(headers: Headers, guard: Guard): void {
  for (const [name, value] of guard) if (headers.get(name) !== value) headers.set(name, value);
}

/** Undoes what was changed since `before` was taken. */
export function restore(headers: Headers, before: Guard): void {
  for (const [name] of [...headers]) if (!before.some(([kept]) => kept === name)) headers.delete(name);
  keepGuarded(headers, before);
}

/** Takes off what must not go along when a flow sends the call's request to another origin. */
export function stayBehind(headers: Headers, hop: Hop | undefined, guard: Guard): void {
  for (const name of CALLERS_OWN) {
    if (headers.has(name) && headers.get(name) === hop?.headers.get(name)) headers.delete(name);
  }
  for (const [name] of guard) headers.delete(name);
}
