/// <reference lib="esnext.disposable" preserve="true" />
import type { ReceivedRequest } from "./received-request.ts";
import type { ServerReply } from "./server-reply.ts";
import type { Wire } from "./wire.ts";

/** Where a server listens. */
export interface ServerOptions {
  /** One of this machine's own addresses; on Linux all of 127.0.0.0/8 are, each another host. Default: `127.0.0.1`. */
  readonly address?: string | undefined;
  /** The name in the server's URLs, such as `localhost`. Default: the address. */
  readonly hostname?: string | undefined;
  /** Whether it speaks TLS, with a certificate that nobody trusts unasked: see `trustCertificate`. Default: `false`. */
  readonly https?: boolean | undefined;
}

/**
 * Answers a request of a loopback server. It is called as soon as the head of the request is there, and its reply is
 * sent at once: where the body is to be read first, it waits for `request.ended`. No reply is a 404.
 */
export type ServerHandler = (
  request: ReceivedRequest,
  wire: Wire,
) => ServerReply | undefined | Promise<ServerReply | undefined>;

/** A server on this machine, on a port that was free. */
export interface LoopbackServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Every request so far, in the order in which they came. */
  readonly requests: readonly ReceivedRequest[];
  /** How many connections were made to it. */
  readonly sockets: number;
  /** The certificate (PEM) that it shows, which is its own authority; `undefined` without TLS. */
  readonly certificate: string | undefined;
  /** A URL at this server; `/` by default. */
  url(path?: string): string;
  /** Waits for a request, counted from 1; it may have come already. */
  received(number: number): Promise<ReceivedRequest>;
  /**
   * Cuts every connection and stops listening.
   * @throws what a handler has thrown
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
