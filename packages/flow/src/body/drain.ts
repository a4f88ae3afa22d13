const CAP = 64 * 1024;
const PATIENCE = 1000;

type NodeBody = AsyncIterable<Uint8Array> & { destroy?(): void };

/**
 * Reads a response that nobody wants to its end, so that its connection can be used again. A body over 64 KiB, or one
 * that keeps us waiting for a second, is cancelled instead: a new connection is cheaper than that.
 */
export async function drain(response: Response): Promise<void> {
  if (!isUnread(response)) return;
  if (Number(response.headers.get("content-length")) > CAP) return cancel(response);
  const reader = responseReader(response);
  const timer = setTimeout(() => reader.cancel(), PATIENCE);
  let size = 0;
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      size += step.value.byteLength || 1; // a mock may give text
      if (size > CAP) return reader.cancel();
    }
  } catch {
    // The connection broke: there is nothing left to read, and the next send tells.
  } finally {
    clearTimeout(timer);
  }
}

/** Lets a response go that nobody will read. */
export function cancel(response: Response): void {
  if (isUnread(response)) responseReader(response).cancel();
}

function isUnread(response: Response): boolean {
  return Boolean(response.body) && !response.bodyUsed && !response.body?.locked;
}

/** Reads any response, also one of node-fetch, whose body is a Node stream. */
export function responseReader(response: Response): {
  read(): Promise<{ done?: boolean | undefined; value: Uint8Array }>;
  cancel(): void;
} {
  const body = response.body as ReadableStream<Uint8Array> | NodeBody;
  if ("getReader" in body) {
    const reader = body.getReader();
    return {
      read: () => reader.read() as Promise<{ done: boolean; value: Uint8Array }>,
      cancel: () => void reader.cancel().catch(() => {}),
    };
  }
  const iterator = body[Symbol.asyncIterator]();
  return { read: () => iterator.next(), cancel: () => body.destroy?.() };
}
