import { NO_BYTES } from "../recorded-request.ts";

/** Reads a body to its end, or as far as a step wants it: what is left is cancelled then. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return NO_BYTES;
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const abort = (): void => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", abort, { once: true });
  try {
    while (length < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.byteLength;
    }
    if (length >= limit) await reader.cancel();
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()); // a Blob copies the chunks it is made of
}
