type AnyFetch = (...input: never[]) => Promise<Response>;

/** Gives a fetch that stands for another one what that one has on it: its name, its length, and what others have put there. */
export function withMembersOf<F extends AnyFetch>(inside: AnyFetch, fetch: F): F {
  const { prototype: _, ...members }: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(inside);
  return Object.defineProperties(fetch, members);
}
