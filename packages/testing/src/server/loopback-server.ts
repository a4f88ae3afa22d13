import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ReceivedRequest } from "./received-request.ts";
import { type ServerReply, writeReply } from "./server-reply.ts";
import { Wire } from "./wire.ts";

/** Where a server listens. */
export interface ServerOptions {
  /** The address: one of this machine's own, such as `127.0.0.2`, for another host (Linux has all of 127.0.0.0/8). Default: `127.0.0.1`. */
  readonly address?: string | undefined;
  /** The name in the server's URLs, such as `localhost`. Default: the address. */
  readonly hostname?: string | undefined;
}

/**
 * Answers a request of a loopback server. It is called as soon as the head of the request is there; a reply is sent at
 * once, so wait for `request.ended` where the body is to be read first. What it throws is thrown by the server's `close()`.
 */
export type ServerHandler = (
  request: ReceivedRequest,
  wire: Wire,
) => ServerReply | undefined | Promise<ServerReply | undefined>;

/** A server on this machine, on a port that was free. */
export class LoopbackServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Every request so far, in the order in which they came. */
  readonly requests: readonly ReceivedRequest[];
  readonly #listener: Listener;

  /** @internal use `startServer` */
  constructor(listener: Listener) {
    this.#listener = listener;
    this.origin = listener.origin;
    this.requests = listener.requests;
  }

  /** How many connections were made to it. */
  get sockets(): number {
    return this.#listener.sockets;
  }

  /** A URL at this server. */
  url(path = "/"): string {
    return new URL(path, this.origin).href;
  }

  /** Waits for a request, counted from 1; it may have come already. */
  received(number: number): Promise<ReceivedRequest> {
    return this.#listener.received(number);
  }

  /**
   * Cuts every connection and stops listening.
   * @throws what a handler has thrown
   */
  close(): Promise<void> {
    return this.#listener.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The node:http server behind a loopback server. */
export class Listener {
  readonly requests: ReceivedRequest[] = [];
  origin = "";
  readonly #server: Server;
  readonly #handler: ServerHandler;
  readonly #sockets = new Map<Socket, number>();
  readonly #waiting = new Map<number, ((request: ReceivedRequest) => void)[]>();
  readonly #failures: Error[] = [];
  #opened = 0;

  constructor(handler: ServerHandler) {
    this.#handler = handler;
    // A slow test is no reason to cut a connection, so nothing here times out.
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.set(socket, ++this.#opened);
      socket.once("close", () => this.#sockets.delete(socket));
      socket.on("error", () => {}); // a client that goes away is no failure of the server
    });
    this.#server.on("request", (message, response) => void this.#serve(message, response));
  }

  get sockets(): number {
    return this.#opened;
  }

  /** Listens, and makes the server of the class that is asked for. */
  static async start<S extends LoopbackServer>(
    handler: ServerHandler,
    options: ServerOptions,
    Class: new (listener: Listener) => S,
  ): Promise<S> {
    const listener = new Listener(handler);
    const { address = "127.0.0.1", hostname = address } = options;
    listener.#server.listen(0, address);
    await once(listener.#server, "listening");
    const { port } = listener.#server.address() as AddressInfo; // it listens on a port, not on a pipe
    listener.origin = `http://${hostname}:${port}`;
    return new Class(listener);
  }

  received(number: number): Promise<ReceivedRequest> {
    const request = this.requests[number - 1];
    if (request) return Promise.resolve(request);
    return new Promise((resolve) => {
      this.#waiting.set(number, [...(this.#waiting.get(number) ?? []), resolve]);
    });
  }

  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, "close");
      this.#server.close();
      for (const socket of this.#sockets.keys()) socket.destroy();
      await closed;
    }
    const [failure] = this.#failures.splice(0);
    if (failure) throw failure;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = new ReceivedRequest(message, this.origin, this.#sockets.get(message.socket) ?? 0);
    const wire = new Wire(message);
    const number = this.requests.push(request);
    for (const resolve of this.#waiting.get(number) ?? []) resolve(request);
    try {
      const answer = this.#handler(request, wire);
      if (wire.reads) message.on("data", (chunk: Buffer) => request.take(chunk));
      const reply = await answer;
      if (!wire.taken && !response.destroyed) await writeReply(response, reply ?? { status: 404 });
    } catch (error) {
      this.#failures.push(error instanceof Error ? error : new Error(String(error)));
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }
}

/**
 * Starts a server on this machine that answers as a function says.
 *
 * @returns the server; close it, or declare it with `await using`
 *
 * @example
 * ```ts
 * import { startServer } from "@authflow/testing/server";
 *
 * await using server = await startServer(() => ({ status: 401, headers: { "WWW-Authenticate": ["Token", "Basic"] } }));
 * const response = await fetch(server.url("/"));
 * console.log(response.status, response.headers.get("www-authenticate")); // → 401 Token, Basic
 * console.log(server.requests.length, server.sockets); // → 1 1
 * ```
 */
export function startServer(handler: ServerHandler, options: ServerOptions = {}): Promise<LoopbackServer> {
  return Listener.start(handler, options, LoopbackServer);
}
