import type { Bytes } from "@authflow/flow";
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ReceivedRequest } from "./received-request.ts";

/** How much of a body is kept to be looked at; the digest and the length are of all of it. */
const KEPT = 65_536;

/** A connection to a client. */
export interface Peer {
  readonly number: number;
  readonly closed: Promise<void>;
}

/** What a listener knows of a request. */
export class IncomingRequest implements ReceivedRequest {
  readonly method: string;
  readonly target: string;
  readonly url: string;
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly headers: Headers;
  readonly socket: number;
  readonly ended: Promise<void>;
  readonly closed: Promise<void>;
  readonly #hash = createHash("sha256");
  readonly #kept: Buffer[] = [];
  #length = 0;
  #complete = false;

  constructor(message: IncomingMessage, origin: string, { number, closed }: Peer) {
    const { method = "", url = "", rawHeaders } = message;
    this.method = method;
    this.target = url;
    this.url = url.startsWith("/") ? origin + url : url;
    this.rawHeaders = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as const] : [],
    );
    this.headers = new Headers(this.rawHeaders.map(([name, value]): [string, string] => [name, value]));
    this.socket = number;
    this.closed = closed;
    this.ended = new Promise((resolve) => {
      message.once("end", () => {
        this.#complete = message.complete;
        resolve();
      });
      message.once("close", resolve);
      message.once("error", () => resolve()); // an upload that was cut
      void closed.then(resolve); // which a message that was answered before its end isn't told of
    });
  }

  get length(): number {
    return this.#length;
  }

  get complete(): boolean {
    return this.#complete;
  }

  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }

  get body(): Bytes {
    return new Uint8Array(Buffer.concat(this.#kept).subarray(0, KEPT));
  }

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
