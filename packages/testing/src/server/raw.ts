/// <reference lib="esnext.disposable" preserve="true" />
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { takeRequest } from "./raw-message.ts";
import type { RawRequest } from "./raw-request.ts";

/** Answers a request with the bytes of a response, one octet a character; with none it ends the connection. */
export type RawHandler = (request: RawRequest) => string | undefined;

/** A server below HTTP: it keeps the bytes of requests, and sends bytes for responses. */
export interface RawServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Every whole request so far, in the order in which they came. */
  readonly requests: readonly RawRequest[];
  /** How many connections were made to it. */
  readonly sockets: number;
  /** A URL at this server; `/` by default. */
  url(path?: string): string;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server for what node:http can't see or say: a method in any letter case, a head byte for byte, a response that
 * is malformed.
 *
 * @param handler answers each request once it is whole
 * @returns the server, on 127.0.0.1; close it, or declare it with `await using`
 *
 * @example
 * ```ts
 * import { rawServer } from "@authflow/testing/server";
 *
 * await using server = await rawServer(() => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
 * const response = await fetch(server.url("/a"), { method: "patch", body: "hello" });
 * console.log(await response.text(), server.requests[0]?.head.split("\r\n")[0]); // → ok patch /a HTTP/1.1
 * ```
 */
export async function rawServer(handler: RawHandler): Promise<RawServer> {
  const listener = new RawListener(handler);
  await listener.listen();
  return listener;
}

class RawListener implements RawServer {
  readonly requests: RawRequest[] = [];
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #handler: RawHandler;
  #sockets = 0;
  #failure: Error | undefined;

  constructor(handler: RawHandler) {
    this.#handler = handler;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get sockets(): number {
    return this.#sockets;
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on a port, not on a pipe
    return `http://127.0.0.1:${port}`;
  }

  url(path = "/"): string {
    return new URL(path, this.origin).href;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, "close");
      this.#server.close();
      for (const socket of this.#open) socket.destroy();
      await closed;
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket): void {
    const number = ++this.#sockets;
    let bytes = Buffer.alloc(0);
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    socket.on("error", () => {}); // a client that goes away is no failure of the server
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let taken = takeRequest(bytes); taken; taken = takeRequest(bytes)) {
        bytes = Buffer.from(taken.rest);
        const request = { head: taken.head, body: new Uint8Array(taken.body), socket: number };
        this.requests.push(request);
        this.#answer(socket, request);
      }
    });
  }

  #answer(socket: Socket, request: RawRequest): void {
    try {
      const reply = this.#handler(request);
      if (reply === undefined) socket.end();
      else socket.write(reply, "latin1");
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      socket.destroy();
    }
  }
}
