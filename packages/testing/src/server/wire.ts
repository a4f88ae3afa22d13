import type { IncomingMessage } from "node:http";

/** What a handler may do to the connection itself, below HTTP. */
export class Wire {
  readonly #message: IncomingMessage;
  #reads = true;
  #taken = false;

  constructor(message: IncomingMessage) {
    this.#message = message;
  }

  /** Whether the request's body is read. */
  get reads(): boolean {
    return this.#reads;
  }

  /** Whether the handler answers on the connection itself, so that nothing else may be written. */
  get taken(): boolean {
    return this.#taken;
  }

  /** Leaves the request's body on the wire, so that a client that sends much of it has to stop. Call it at once. */
  ignoreBody(): void {
    this.#reads = false;
    this.#message.pause();
  }

  /** Writes bytes on the connection, as they stand; text is one octet a character. */
  write(bytes: string | Uint8Array): void {
    this.#taken = true;
    this.#message.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** Says that nothing more comes, after what was written. */
  end(): void {
    this.#taken = true;
    this.#message.socket.end();
  }

  /** Cuts the connection off with a reset, where the client sees an error at once. */
  reset(): void {
    this.#taken = true;
    this.#message.socket.resetAndDestroy();
  }

  /** Says nothing at all, and keeps the connection. */
  keepSilent(): void {
    this.#taken = true;
  }
}
