import type { BodyLimits, BodySource } from "./body-source.ts";
import { FactoryBody } from "./factory.ts";
import { FixedBody } from "./fixed.ts";
import { encodeForm } from "./form.ts";
import { RecordedBody, type ByteStream } from "./recorded.ts";

/** A source for any value that `init.body` may have, a factory included. */
export function bodySource(body: unknown, limits: BodyLimits): BodySource {
  if (typeof body === "function") {
    // Made anew for each send, so nothing of it has to be recorded.
    return new FactoryBody(body as () => unknown, (made) => bodySource(made, { ...limits, sendsOnce: true }));
  }
  if (isByteStream(body)) return new RecordedBody(body, limits.sendsOnce ? 0 : limits.replayLimit);
  return new FixedBody(limits.sendsOnce ? (body as BodyInit) : snapshot(body as BodyInit));
}

/** The platform takes a body when fetch is called, so its caller may change it at once; a later send needs what it was. */
function snapshot(body: BodyInit): BodyInit {
  if (body instanceof FormData) return encodeForm(body);
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  return body;
}

function isByteStream(body: unknown): body is ByteStream {
  if (typeof body !== "object" || body === null || body instanceof Blob) return false;
  // Node streams and other async iterables are bodies for undici and Node's fetch.
  return body instanceof ReadableStream || Symbol.asyncIterator in body;
}
