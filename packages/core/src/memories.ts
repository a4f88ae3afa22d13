import type { Memory } from "./negotiation.ts";

/** How many origins are remembered. */
const LIMIT = 1000;

/** What is known of each origin; of those that nobody asked for of late, nothing. */
export function recentMemories(): (origin: string) => Memory {
  const memories = new Map<string, Memory>(); // in the order of their last use
  return (origin) => {
    const memory = memories.get(origin) ?? { floor: Infinity };
    memories.delete(origin);
    memories.set(origin, memory);
    const [oldest = ""] = memories.keys();
    if (memories.size > LIMIT) memories.delete(oldest);
    return memory;
  };
}
