import { ContentTooLargeError } from "../errors/content-too-large.ts";
import { responseReader } from "./drain.ts";
import type { Bytes } from "../types.ts";

/**
 * The bytes of a response, up to a limit.
 * @param onCancel is given what ends the reading early
 * @throws `ERR_AUTHFLOW_CONTENT_TOO_LARGE`
 */
export async function readBytes(
  response: Response,
  limit: number,
  onCancel: (cancel: () => void) => void,
): Promise<Bytes> {
  const reader = responseReader(response);
  onCancel(() => reader.cancel());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    chunks.push(step.value);
    size += step.value.byteLength;
    if (size > limit) {
      reader.cancel();
      throw new ContentTooLargeError(limit);
    }
  }
  return joined(chunks, size);
}

/** Chunks in one piece. */
export function joined(chunks: readonly Uint8Array[], size: number): Bytes {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
