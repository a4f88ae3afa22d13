import { type Departed, markReported } from "../history.ts";
import type { Exchange } from "../types.ts";
import type { Hop } from "./hop.ts";
import type { Mark } from "./mark.ts";
import type { Line } from "./wire.ts";

/** What a departure has of its line. */
type DepartureLine = Pick<Line, "chain" | "secrets" | "log">;

/**
 * A request on its way: what a runner further inside has to know of it, and what the history shows of it. Both are
 * asked for seldom, so they are worked out then.
 */
export class Departure implements Mark, Departed {
  /** Whether a runner further inside, which is nearer to the wire, has reported its exchange. */
  #reported = false;
  #line: DepartureLine;
  #request: Request;
  #headers: Headers;
  #hop: Hop | undefined;

  constructor(line: DepartureLine, request: Request, headers: Headers, hop: Hop | undefined) {
    this.#line = line;
    this.#request = request;
    this.#headers = headers;
    this.#hop = hop;
  }

  get origin(): string {
    return this.#line.chain.origin;
  }

  get left(): boolean {
    return this.#line.chain.left;
  }

  get secure(): boolean {
    return this.#line.chain.secure;
  }

  get secrets(): readonly string[] {
    return this.#line.secrets.names(this.#headers, this.#hop);
  }

  learn(name: string, value: string): void {
    this.#line.secrets.add(name, value);
  }

  report(exchange: Exchange): void {
    this.#reported = true;
    markReported(exchange, this.#headers, this.side);
    this.#line.log.add(exchange);
  }

  get reported(): boolean {
    return this.#reported;
  }

  get side(): boolean {
    return this.#hop === undefined;
  }

  get method(): string {
    return this.#request.method;
  }

  shownUrl(): string {
    return this.#line.secrets.redactUrl(this.#request.url);
  }

  shownHeaders(): Headers {
    return this.#line.secrets.redactHeaders(this.#headers, this.#hop);
  }
}
