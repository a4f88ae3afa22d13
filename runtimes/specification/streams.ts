/** A stream of so many bytes, in chunks of 16 KiB, that are made when they are asked for. */
export function bytesStream(length: number, gate?: StreamGate): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        if (gate && sent >= gate.after) await gate.opens;
        const size = Math.min(CHUNK, length - sent);
        if (size > 0) controller.enqueue(new Uint8Array(size).fill(sent / CHUNK));
        sent += size;
        if (sent >= length) controller.close();
      },
      cancel: () => gate?.cancelled?.(),
    },
    { highWaterMark: 0 },
  );
}

/** Where a stream waits. */
export interface StreamGate {
  /** How many bytes come before. */
  readonly after: number;
  readonly opens: Promise<unknown>;
  /** Called when the stream is cancelled. */
  readonly cancelled?: () => void;
}

/** The bytes of such a stream, at once. */
export async function bytesOf(length: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(bytesStream(length)).arrayBuffer());
}

/** SHA-256 in hex, by the platform. */
export async function sha256(bytes: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const CHUNK = 16 * 1024;
