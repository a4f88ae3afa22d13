import { type Entries, entriesOf } from "../headers.ts";
import type { Hop } from "./hop.ts";

/** The caller's own credentials: they belong to the origin that they were given for. */
export const CALLERS_OWN: readonly string[] = ["authorization", "proxy-authorization", "cookie", "host"];

/**
 * Puts back what a scheme inside replaced or took off of that which the schemes outside have set.
 *
 * @param headers as the scheme inside left them
 * @param before as it found them
 * @param hop what the caller gave, which any scheme may replace; `undefined` for a scheme's own request
 */
export function keepOuter(headers: Headers, before: Entries, hop: Hop | undefined): void {
  for (const [name, value] of before) {
    const now = headers.get(name);
    // One more cookie beside those that are there replaces none.
    const added = name === "cookie" && now?.startsWith(`${value}; `) === true;
    if (now !== value && !added && hop?.headers.get(name) !== value) headers.set(name, value);
  }
}

/** Undoes what was changed since `before` was taken. */
export function restore(headers: Headers, before: Entries): void {
  for (const [name] of entriesOf(headers)) if (!before.some(([kept]) => kept === name)) headers.delete(name);
  for (const [name, value] of before) if (headers.get(name) !== value) headers.set(name, value);
}

/** Takes off what must not go along when a flow sends the call's request to another origin. */
export function stayBehind(headers: Headers, before: Entries, hop: Hop | undefined): void {
  const given = (name: string): string | null | undefined => hop?.headers.get(name);
  for (const name of CALLERS_OWN) if (headers.has(name) && headers.get(name) === given(name)) headers.delete(name);
  for (const [name, value] of before) if (headers.get(name) === value && given(name) !== value) headers.delete(name);
}
