import type { IncomingMessage } from "node:http";
import type { Wire } from "./wire.ts";

/** The connection that a request came in on. */
export class Connection implements Wire {
  /** Whether the handler answers below HTTP, so that no reply may be written. */
  taken = false;
  readonly #message: IncomingMessage;

  constructor(message: IncomingMessage) {
    this.#message = message;
  }

  ignoreBody(): void {
    this.#message.pause();
  }

  write(bytes: string | Uint8Array): void {
    this.taken = true;
    const { socket } = this.#message;
    if (!socket.destroyed) socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  end(): void {
    this.taken = true;
    this.#message.socket.end();
  }

  reset(): void {
    this.taken = true;
    this.#message.socket.resetAndDestroy();
  }

  keepSilent(): void {
    this.taken = true;
  }
}
