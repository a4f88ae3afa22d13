import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** How much of a body is kept to be looked at; the digest and the length are of all of it. */
const KEPT = 65_536;

/** A request as it came over the wire, growing while its body comes in. */
export class ReceivedRequest {
  /** As it stood on the request line. */
  readonly method: string;
  /** The request-target, as it stood on the request line. */
  readonly target: string;
  /** The target at the server's own origin. */
  readonly url: string;
  /** Every header line, in order, in its own letter case, one character an octet. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly headers: Headers;
  /** The number of the connection that it came in on, from 1. */
  readonly socket: number;
  /** Settles when the body is whole, or the client gone; see {@link ReceivedRequest.complete}. */
  readonly ended: Promise<void>;
  /** Settles when the connection is closed. */
  readonly closed: Promise<void>;
  readonly #hash = createHash("sha256");
  readonly #kept: Buffer[] = [];
  #length = 0;
  #complete = false;

  constructor(message: IncomingMessage, origin: string, socket: number) {
    this.method = message.method ?? "";
    this.target = message.url ?? "";
    this.url = this.target.startsWith("/") ? origin + this.target : this.target;
    const { rawHeaders } = message;
    this.rawHeaders = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as const] : [],
    );
    this.headers = new Headers(this.rawHeaders.map(([name, value]): [string, string] => [name, value]));
    this.socket = socket;
    this.ended = new Promise((resolve) => {
      message.once("end", () => {
        this.#complete = message.complete;
        resolve();
      });
      message.once("close", resolve);
      message.once("error", () => resolve());
    });
    this.closed = new Promise((resolve) => {
      if (message.socket.destroyed) resolve();
      else message.socket.once("close", () => resolve());
    });
  }

  /** How many bytes of the body came in so far. */
  get length(): number {
    return this.#length;
  }

  /** Whether the body came in whole. */
  get complete(): boolean {
    return this.#complete;
  }

  /** SHA-256 of every byte of the body so far, in hex. */
  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }

  /** The first 64 KiB of the body. */
  get body(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat(this.#kept).subarray(0, KEPT));
  }

  /** The same as text (UTF-8). */
  get text(): string {
    return new TextDecoder().decode(this.body);
  }

  /** Takes in what came over the wire. */
  take(chunk: Buffer): void {
    this.#hash.update(chunk);
    if (this.#length < KEPT) this.#kept.push(chunk);
    this.#length += chunk.length;
  }
}
