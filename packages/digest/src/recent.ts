/** How many keys are remembered. */
const LIMIT = 100;

/** Gives the value of a key, made when it is first asked for; those that nobody asked for of late are forgotten. */
export function recent<Value>(make: () => Value): (key: string) => Value {
  const values = new Map<string, Value>(); // in the order of their last use
  let latest: readonly [key: string, value: Value] | undefined; // mostly the one that is asked for again
  return (key) => {
    if (latest?.[0] === key) return latest[1];
    const value = values.get(key) ?? make();
    values.delete(key);
    values.set(key, value);
    const [oldest = ""] = values.keys();
    if (values.size > LIMIT) values.delete(oldest);
    latest = [key, value];
    return value;
  };
}
