import { endsSegment } from "./route-match.ts";

interface Ordered {
  readonly order: number;
}

/** Routes by the prefix that they are for, found with one look for each length that a prefix has. */
export class RoutePrefixes<Entry extends Ordered> {
  readonly #byLength: { readonly length: number; readonly alike: Map<string, Entry> }[] = [];

  add(prefix: string, entry: Entry): void {
    const { length } = prefix;
    const alike = this.#byLength.find((one) => one.length === length)?.alike ?? new Map<string, Entry>();
    if (alike.size === 0) this.#byLength.push({ length, alike });
    if (!alike.has(prefix)) alike.set(prefix, entry); // of two that are the same, the first counts
  }

  /** The first route, in their order, that a path is below. */
  find(path: string): Entry | undefined {
    let found: Entry | undefined;
    for (const { length, alike } of this.#byLength) {
      const entry = endsSegment(path, length) ? alike.get(path.slice(0, length)) : undefined;
      if (entry && !(found && found.order < entry.order)) found = entry;
    }
    return found;
  }
}
