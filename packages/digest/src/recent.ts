/** How many keys are remembered. */
const LIMIT = 100;

/** Gives the value of a key, made when it is first asked for; those that nobody asked for of late are forgotten. */
export function recent<Value>(make: () => Value): (key: string) => Value {
  const values = new Map<string, Value>(); // in the order of their last use
  let latest: string | undefined;
  return (key) => {
    const value = values.get(key) ?? make();
    if (key !== latest) {
      values.delete(key);
      values.set(key, value);
      const [oldest = ""] = values.keys();
      if (values.size > LIMIT) values.delete(oldest);
      latest = key;
    }
    return value;
  };
}
