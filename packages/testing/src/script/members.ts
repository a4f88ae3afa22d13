import { InvalidOptionError } from "@authflow/flow";

/** Every member that a type has; the compiler tells when one is missing. */
export type MembersOf<T> = Readonly<Record<keyof T, true>>;

/**
 * Refuses a member that nobody would read. Types tell of it only where an object is written in place.
 *
 * @param what whose member it is and what it does with it, such as `Step 1 of the script expects`
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function assertMembers<T>(value: unknown, members: MembersOf<T>, what: string): void {
  const known = Object.keys(members).join(", ");
  if (typeof value !== "object" || value === null) {
    const shown = value === null ? "null" : typeof value;
    throw new InvalidOptionError(`${what} ${shown}, where an object is due, with some of ${known}.`);
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name));
  if (unknown === undefined) return;
  throw new InvalidOptionError(`${what} \`${unknown}\`, which would be passed over. There are ${known}.`);
}
