/** Headers that the schemes outside have set: those inside leave them alone. */
export type Guard = ReadonlyMap<string, string>;

export const NO_GUARD: Guard = new Map();

/** The outer guard, and what has been set since: headers that differ from those the caller gave. */
export function guardOf(headers: Headers, given: Headers | undefined, outer: Guard): Guard {
  const guard = new Map(outer);
  for (const [name, value] of headers) if (given?.get(name) !== value) guard.set(name, value);
  return guard;
}

/** Puts back what a scheme inside replaced or took off. */
export function keepGuarded(headers: Headers, guard: Guard): void {
  for (const [name, value] of guard) if (headers.get(name) !== value) headers.set(name, value);
}

/** Undoes what was changed since `before` was copied. */
export function restore(headers: Headers, before: Headers): void {
  for (const [name] of [...headers]) if (!before.has(name)) headers.delete(name);
  for (const [name, value] of before) if (headers.get(name) !== value) headers.set(name, value);
}
