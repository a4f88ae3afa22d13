import type { BodyLimits, BodySource } from "./body-source.ts";
import { FactoryBody } from "./factory.ts";
import { FixedBody } from "./fixed.ts";
import { isWeb, RecordedBody, type ByteStream } from "./recorded.ts";
import { isBlob } from "./by-tag.ts";

/** A source for any value that `init.body` may have, a factory included. */
export function bodySource(body: unknown, limits: BodyLimits): BodySource {
  if (typeof body === "function") {
    // Made anew for each send, so nothing of it has to be recorded.
    return new FactoryBody(body as () => unknown, (made) => bodySource(made, { ...limits, sendsOnce: true }));
  }
  if (isByteStream(body)) return new RecordedBody(body, limits.sendsOnce ? 0 : limits.replayLimit);
  const fixed = new FixedBody(body as BodyInit, limits.replayLimit);
  if (!limits.sendsOnce) fixed.snapshot();
  return fixed;
}

/** Whether a body is a stream, which is read once and needs `duplex: "half"`. */
export function isByteStream(body: unknown): body is ByteStream {
  // Node streams and other async iterables are bodies for undici and Node's fetch.
  return typeof body === "object" && body !== null && !isBlob(body) && (isWeb(body) || Symbol.asyncIterator in body);
}
