/** For how many origins something is kept. */
const LIMIT = 100;

/** Makes a thing for each origin when it is asked for first, and forgets the oldest when there are too many. */
export function byOrigin<T>(make: () => T): (url: string) => T {
  const things = new Map<string, T>(); // the oldest first
  return (url) => {
    const { origin } = new URL(url);
    const known = things.get(origin);
    if (known) return known;
    const [oldest] = things.keys();
    if (oldest !== undefined && things.size === LIMIT) things.delete(oldest);
    const made = make();
    things.set(origin, made);
    return made;
  };
}
