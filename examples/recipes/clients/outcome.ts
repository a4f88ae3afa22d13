// What came of a call, in words that can be compared.
import { createHash } from "node:crypto";

/** Describes an error as far as a program would look: its class, its text, its members, and what caused it. */
export function described(error: unknown, reason?: unknown): unknown {
  if (error === undefined) return undefined;
  if (error === reason) return "the reason of the abort, itself";
  if (!(error instanceof Error)) return Object.prototype.toString.call(error);
  const { name, message, cause } = error;
  const members = error as { code?: unknown; status?: unknown; response?: { status?: unknown }; data?: unknown }; // of some
  return {
    class: error.constructor.name,
    name,
    message: message.replaceAll(/\/(open|basic|digest|bearer)\//g, "/(door)/"),
    keys: Object.keys(error).toSorted(),
    code: members.code,
    status: [members.status, members.response?.status],
    data: members.data,
    cause: described(cause, reason),
  };
}

/**
 * The bytes of a stream.
 *
 * @param afterFirst is called when the first of them are there
 */
export async function drained(
  stream: AsyncIterable<Uint8Array> | null,
  afterFirst: () => void,
): Promise<{ sha256: string; length: number }> {
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of stream ?? []) {
    if (length === 0) afterFirst();
    hash.update(chunk);
    length += chunk.length;
  }
  return { sha256: hash.digest("hex"), length };
}
