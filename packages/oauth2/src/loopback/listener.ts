import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OAuth2Error } from "#oauth2-error";
import { PAGE_HEADERS } from "./page.ts";

interface Place {
  readonly path: string;
  readonly port: number;
  readonly page: string;
}

/** Hears one answer on 127.0.0.1. */
export class Listener {
  /** Where the answer is to come to. */
  readonly redirectUri: string;
  readonly #origin: URL;
  readonly #server: Server;
  readonly #place: Place;

  private constructor(server: Server, place: Place) {
    // The address of a server that listens on a port is an object.
    const { port } = server.address() as AddressInfo;
    this.#server = server;
    this.#place = place;
    this.#origin = new URL(`http://127.0.0.1:${port}`);
    this.redirectUri = `http://127.0.0.1:${port}${place.path}`;
  }

  /** @throws `ERR_AUTHFLOW_OAUTH2_LOOPBACK` if another program has the port */
  static async open(place: Place): Promise<Listener> {
    const server = createServer();
    try {
      // `exclusive`: the workers of a cluster would share a port, and the answer would reach any of them.
      await once(server.listen({ host: "127.0.0.1", port: place.port, exclusive: true }), "listening");
    } catch (cause) {
      const message = `Port ${place.port} of 127.0.0.1 can't be listened at. End the program that has it, or choose another port.`;
      throw new OAuth2Error("ERR_AUTHFLOW_OAUTH2_LOOPBACK", message, { cause });
    }
    return new Listener(server, place);
  }

  /**
   * The URL of the first request that is the answer to the login with this state.
   *
   * @param state `null`: the login has none, so any request to the path is taken
   */
  answer(state: string | null): Promise<URL> {
    let isAnswered = false;
    return new Promise((resolve) => {
      this.#server.on("request", (request, response) => {
        const url = this.#urlOf(request);
        const refusal = this.#refusalOf(request, url, state) ?? (isAnswered ? 410 : undefined);
        if (refusal !== undefined) return refuse(response, refusal);
        isAnswered = true;
        response.once("close", () => resolve(url)); // by then the page is written, or nobody reads it
        response.writeHead(200, { ...PAGE_HEADERS, connection: "close" }).end(this.#place.page);
      });
    });
  }

  /** Ends every connection, too: browsers open some that they never use. What was written by then arrives. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #urlOf({ url = "" }: IncomingMessage): URL {
    // What is no URL leads to no answer, and so does "//host/callback", which is one of another host.
    return URL.canParse(url, this.#origin) ? new URL(url, this.#origin) : new URL("/*", this.#origin);
  }

  #refusalOf({ method, headers }: IncomingMessage, url: URL, state: string | null): number | undefined {
    // A page may have its own name lead to 127.0.0.1. Then the browser sends that name.
    if (headers.host !== this.#origin.host || url.origin !== this.#origin.origin) return 421;
    if (url.pathname !== this.#place.path) return 404;
    if (method !== "GET") return 405;
    if (state !== null && url.searchParams.get("state") !== state) return 400;
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...(status === 405 && { allow: "GET" }), connection: "close" }).end();
}
