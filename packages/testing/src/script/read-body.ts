import type { Bytes } from "@authflow/flow";
import { NO_BYTES } from "../recorded-request.ts";
import type { ScriptStep } from "./step.ts";

/** Reads a body to its end, or as far as a step wants it. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  { reads = Infinity, rest = "cancel" }: Pick<ScriptStep, "reads" | "rest">,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  if (!body) return NO_BYTES;
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < reads) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
  }
  signal?.removeEventListener("abort", cancel);
  if (length >= reads && rest === "cancel") cancel();
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Bytes {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
