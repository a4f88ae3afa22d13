import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { testCertificate } from "./certificate.ts";
import { Connection } from "./connection.ts";
import { IncomingRequest, type Peer } from "./incoming-request.ts";
import type { LoopbackServer, ServerHandler, ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { writeReply } from "./write-reply.ts";

/** A slow test is no reason to cut a connection, so nothing times out. */
const PATIENT = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };

/** The node:http server behind a loopback server. */
export class Listener implements LoopbackServer {
  readonly requests: ReceivedRequest[] = [];
  readonly certificate: string | undefined;
  readonly #server: Server;
  readonly #handler: ServerHandler;
  /** Those that can send a request; with TLS, those that have shaken hands. */
  readonly #peers = new Map<Socket, Peer>();
  /** Every connection, to be cut at the end. */
  readonly #open = new Set<Socket>();
  readonly #waiting: { readonly number: number; resolve(request: ReceivedRequest): void }[] = [];
  readonly #failures: Error[] = [];
  #sockets = 0;
  #origin = "";

  constructor(handler: ServerHandler, https: boolean) {
    this.#handler = handler;
    this.certificate = https ? testCertificate().cert : undefined;
    this.#server = https ? createSecureServer({ ...PATIENT, ...testCertificate() }) : createServer(PATIENT);
    this.#server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
    this.#server.on(https ? "secureConnection" : "connection", (socket: Socket) => this.#accept(socket));
    this.#server.on("request", (message, response) => void this.#serve(message, response));
  }

  get origin(): string {
    return this.#origin;
  }

  get sockets(): number {
    return this.#sockets;
  }

  url(path = "/"): string {
    return new URL(path, this.#origin).href;
  }

  async listen({ address = "127.0.0.1", hostname = address }: ServerOptions): Promise<void> {
    this.#server.listen(0, address);
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo; // it listens on a port, not on a pipe
    this.#origin = `${this.certificate ? "https" : "http"}://${hostname}:${port}`;
  }

  received(number: number): Promise<ReceivedRequest> {
    const request = this.requests[number - 1];
    if (request) return Promise.resolve(request);
    return new Promise((resolve) => {
      this.#waiting.push({ number, resolve });
    });
  }

  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, "close");
      this.#server.close();
      for (const socket of this.#open) socket.destroy();
      await closed;
      await turn(); // those that wrote when they were cut hear of it now
    }
    const [failure] = this.#failures.splice(0);
    if (failure) throw failure;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket): void {
    const closed = new Promise<void>((resolve) => {
      socket.once("close", () => {
        this.#peers.delete(socket);
        resolve();
      });
    });
    this.#peers.set(socket, { number: ++this.#sockets, closed });
    socket.on("error", () => {}); // a client that goes away is no failure of the server
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const peer = this.#peers.get(message.socket);
    if (!peer) return; // it is gone already
    const request = new IncomingRequest(message, this.#origin, peer);
    const wire = new Connection(message);
    const number = this.requests.push(request);
    for (const waiting of this.#waiting) if (waiting.number === number) waiting.resolve(request);
    try {
      const answer = this.#handler(request, wire);
      message.on("data", (chunk: Buffer) => request.take(chunk)); // flows unless the handler has paused it
      const reply = await answer;
      if (!wire.taken && !response.destroyed) await writeReply(response, reply ?? { status: 404 });
    } catch (error) {
      this.#failures.push(error instanceof Error ? error : new Error(String(error)));
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }
}
