import { ContentTooLargeError } from "../errors/content-too-large.ts";
import { InvalidBodyError } from "../errors/invalid-body.ts";
import type { BodySource } from "./body-source.ts";
import { joined } from "./read-bytes.ts";
import type { Bytes } from "../types.ts";

/** A stream as callers give it: the web's, or Node's and other async iterables. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

interface Reader {
  read(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  cancel(reason: unknown): unknown;
}

/**
 * A stream, read once by one reader and recorded while it is sent, up to a limit. Each send gets what is recorded and
 * then the rest of the source, so a server that refuses early is answered even where the whole exceeds the limit.
 * (A TransformStream would lose the rest when the transport cancels it; `tee` and `clone` would keep everything.)
 */
export class RecordedBody implements BodySource {
  readonly type = undefined;
  readonly #source: ByteStream;
  readonly #reader: Reader;
  #limit: number;
  /** What the source gave, from the first byte on while `#whole`, else from the current send's position on. */
  #chunks: Uint8Array[] = [];
  /** The chunk in `#chunks` that the current send takes next. */
  #position = 0;
  #size = 0;
  #whole = true;
  #ended = false;
  #settled = false;
  #failure: { reason: unknown } | undefined;
  #pull: Promise<void> | undefined;
  #send: ReadableStreamDefaultController<Uint8Array> | undefined;
  #forget: (() => void) | undefined;

  constructor(source: ByteStream, limit: number) {
    this.#source = source;
    this.#limit = limit;
    this.#reader = readerOf(source);
  }

  get replayable(): boolean {
    return this.#whole;
  }

  open(): BodyInit {
    // The transport may still hold the stream of an earlier send. It must not look complete, and gets nothing more.
    this.#send?.error(new Error("The body is sent again."));
    this.#send = undefined;
    this.#position = 0;
    if (this.#ended) return joined(this.#chunks, this.#size);
    let own: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#send = own = controller;
        },
        pull: () => this.#deliver(own),
        // The transport wants no more. The rest of the source is for the next send, if there is one.
        cancel: (reason: unknown) => {
          if (this.#send !== own) return;
          this.#send = undefined;
          if (this.#settled) this.fail(reason);
        },
      },
      { highWaterMark: 0 },
    );
    return sameKind(this.#source, stream);
  }

  /** The whole body if it is there within one macrotask, as that of a Request made from text or bytes is. */
  async peek(limit: number): Promise<Bytes | undefined> {
    let late = false;
    const tick = new Promise<void>((resolve) => {
      setTimeout(() => {
        late = true;
        resolve();
      });
    });
    // One large chunk costs nothing more than its caller has spent on it already.
    while (!this.#ended && !late && (this.#size <= limit || this.#chunks.length === 1)) {
      await Promise.race([this.#more(), tick]);
    }
    return this.#ended ? joined(this.#chunks, this.#size) : undefined;
  }

  async content(limit: number): Promise<Bytes> {
    this.#limit = Math.max(this.#limit, limit);
    while (!this.#ended && this.#size <= limit) await this.#more();
    if (this.#size > limit) throw new ContentTooLargeError(limit);
    return joined(this.#chunks, this.#size);
  }

  settle(signal: AbortSignal | undefined): void {
    this.#settled = true;
    this.#limit = 0;
    if (this.#ended) return;
    if (!this.#send) return this.fail(new Error("The call ended, and nobody reads this body any more."));
    const abort = (): void => this.fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#forget = () => signal?.removeEventListener("abort", abort);
  }

  fail(reason: unknown): void {
    if (this.#failure) return;
    this.#failure = { reason };
    // First the send, then the source: the other way round a cut upload could look complete.
    this.#send?.error(reason);
    this.#end();
    this.#chunks = [];
    if (!this.#ended) Promise.resolve(this.#reader.cancel(reason)).catch(() => {});
  }

  async #deliver(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#position === this.#chunks.length && !this.#ended) await this.#more();
    if (controller !== this.#send) return; // a later send has taken over; nothing is lost, the chunk is recorded
    const chunk = this.#chunks[this.#position];
    if (!chunk) {
      controller.close();
      this.#end();
    } else if (this.#size > this.#limit) {
      this.#chunks.splice(0, this.#position + 1);
      this.#position = 0;
      this.#whole = false;
      controller.enqueue(chunk);
    } else {
      this.#position++;
      // The transport may transfer what it is given; the recorded chunk has to stay.
      controller.enqueue(new Uint8Array(chunk));
    }
  }

  /** Reads one chunk of the source. Whoever comes while one is being read waits for that one. */
  #more(): Promise<void> {
    this.#pull ??= this.#read().finally(() => {
      this.#pull = undefined;
    });
    return this.#pull;
  }

  async #read(): Promise<void> {
    try {
      const { done, value } = await this.#reader.read();
      if (this.#failure) throw this.#failure.reason;
      if (done) this.#ended = true;
      else this.#keep(value);
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  #keep(value: unknown): void {
    const chunk = typeof value === "string" && !isWeb(this.#source) ? new TextEncoder().encode(value) : value;
    if (!(chunk instanceof Uint8Array)) {
      throw new InvalidBodyError(`The body's stream gave a ${typeof value}. It has to give bytes, as Uint8Array.`);
    }
    // Callers may fill the same buffer again once it was taken. Where nothing is recorded that is as with bare fetch.
    this.#chunks.push(this.#limit > 0 ? new Uint8Array(chunk) : chunk);
    this.#size += chunk.byteLength;
  }

  #end(): void {
    this.#send = undefined;
    this.#forget?.();
  }
}

/** Whether a stream is one of the web's, the platform's or a polyfill's. */
export function isWeb(source: object): source is ReadableStream<Uint8Array> {
  return "getReader" in source;
}

function readerOf(source: ByteStream): Reader {
  if (isWeb(source)) {
    if (source.locked) {
      throw new InvalidBodyError(
        "The body is a stream that was read before, or that somebody else reads: give the body as a function that makes it: body: () => stream.",
      );
    }
    return source.getReader();
  }
  const iterator = source[Symbol.asyncIterator]();
  return {
    read: () => iterator.next(),
    cancel: (reason) => {
      // An iterator that never ran has nothing to clean up, but a Node stream has. (Without the reason: a stream that
      // nobody listens to would throw it.)
      (source as { destroy?(): unknown }).destroy?.();
      return iterator.return?.(reason);
    },
  };
}

/** A Node stream in, a Node stream out: node-fetch and its like send a web stream as "[object ReadableStream]". */
function sameKind(source: ByteStream, stream: ReadableStream<Uint8Array>): BodyInit {
  if (isWeb(source)) return stream;
  const { from } = source.constructor as { from?: (source: unknown) => BodyInit };
  return from ? from.call(source.constructor, stream) : stream;
}
