import type { ExchangeLog } from "../history.ts";
import type { Exchange } from "../types.ts";
import type { Chain } from "./chain.ts";
import type { Hop } from "./hop.ts";
import type { Mark } from "./mark.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Secrets } from "./secrets.ts";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** What the exchanges of one call have in common. */
export interface Line {
  readonly chain: Chain;
  /** The user name that stood in the URL. */
  readonly user: string | undefined;
  readonly secrets: Secrets;
  readonly log: ExchangeLog;
}

/** A request as it went out. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly hop: Hop | undefined;
}

/** An exchange that is to be told how it ends. As a mark it tells a runner further inside of the call. */
export interface OpenExchange extends Exchange, Mark {
  /** The response is here. */
  arrived(response: Response): void;
  /** No response will come. */
  failed(error: unknown): void;
}

/** Spelled out, since declarations of a class can't be made of its file alone where a member has a symbol for its name. */
interface ExchangeClass {
  /** @param sent with the very headers that the fetch inside is given: what it changes there is what the history shows */
  new (line: Line, sent: Pick<Outgoing, "request" | "headers" | "hop">): OpenExchange;
  /** What went out, for the runner alone: as it was, credentials included. */
  sentIn(exchange: object): Sent | undefined;
}

/**
 * One exchange, from the send on: as a mark it tells a runner further inside of the call, and as part of the history it
 * shows what happened. Both are asked for seldom, so they are worked out then. Raw values stay in private fields, where
 * no inspection and no JSON reaches them; bodies are not kept.
 */
export const LiveExchange: ExchangeClass = class implements OpenExchange {
  /** The mark's own, so that a layer which copies the mark keeps them. */
  readonly origin: string;
  readonly left: boolean;
  readonly secure: boolean;
  side: boolean;
  duration = 0;
  error: unknown;
  readonly #secrets: Secrets;
  readonly #log: ExchangeLog;
  readonly #method: string;
  readonly #url: string;
  readonly #headers: Headers;
  readonly #authorized: boolean;
  readonly #hop: Hop | undefined;
  readonly #began: number;
  #user: string | undefined;
  /** Who told the history: a runner further inside, or this exchange itself. */
  #toldBy: "inside" | "itself" | undefined;
  #status: number | undefined;
  #received: Headers | undefined;
  #request: Exchange["request"] | undefined;
  #response: Exchange["response"];
  #dropped: readonly string[] | undefined;

  constructor(
    { chain, user, secrets, log }: Line,
    { request, headers, hop }: Pick<Outgoing, "request" | "headers" | "hop">,
  ) {
    const { origin, left } = chain.told;
    this.origin = origin;
    this.left = left;
    this.secure = chain.secure;
    this.#secrets = secrets;
    this.#log = log;
    this.#method = request.method;
    this.#url = request === hop?.request ? hop.url : request.url;
    this.#headers = headers;
    this.#authorized = headers.has("authorization");
    this.#hop = hop;
    this.side = hop === undefined;
    this.#user = hop && !left ? user : undefined;
    this.#began = performance.now();
  }

  static sentIn(exchange: object): Sent | undefined {
    if (!(#url in exchange)) return undefined;
    return { url: exchange.#url, headers: exchange.#headers, hop: exchange.#hop };
  }

  arrived(response: Response): void {
    this.#status = response.status;
    this.#received = response.headers;
    this.#end();
    this.#log.attach(response, this);
  }

  failed(error: unknown): void {
    this.error = error;
    this.#end();
    this.#log.attachError(error, this);
  }

  #end(): void {
    this.#user = undefined; // which may be a token, and a history holds none
    this.duration = performance.now() - this.#began;
    if (this.#toldBy) return;
    this.#toldBy = "itself";
    this.#log.add(this);
  }

  get request(): Exchange["request"] {
    return (this.#request ??= {
      method: this.#method,
      url: this.#secrets.redactUrl(this.#url),
      headers: this.#secrets.redactSent(this.#headers, this.#hop),
    });
  }

  get response(): Exchange["response"] {
    if (this.#received && this.#status !== undefined) {
      this.#response ??= { status: this.#status, headers: this.#secrets.redactReceived(this.#received) };
    }
    return this.#response;
  }

  get dropped(): readonly string[] {
    return (this.#dropped ??= this.#droppedFrom(this.#headers));
  }

  /** A runner further outside may know of more. */
  set dropped(names: readonly string[]) {
    this.#dropped = names;
  }

  get secrets(): readonly string[] {
    return this.#secrets.names(this.#headers, this.#hop);
  }

  user(): string | undefined {
    return this.#user;
  }

  learn(name: string, value: string): void {
    this.#secrets.add(name, value);
  }

  /** A runner further inside, which is nearer to the wire, saw the exchange. */
  report(exchange: Exchange): void {
    // An abort ends the call outside first: then that exchange stands in the history already.
    if (this.#toldBy === "itself" && !exchange.side) return;
    this.#toldBy = "inside";
    // Both are plain members of every exchange, whichever copy of this package made it.
    Object.assign(exchange, {
      dropped: [...exchange.dropped, ...this.#droppedFrom(exchange.request.headers)],
      side: exchange.side || this.side,
    });
    this.#log.add(exchange);
    if (this.error !== undefined) this.#log.attachError(this.error, this);
  }

  #droppedFrom(wentOut: Headers): readonly string[] {
    return this.#authorized && !wentOut.has("authorization") ? ["authorization"] : [];
  }

  /** What Node, Deno and Bun print: what an exchange is, and nothing of the mark. */
  [INSPECT](): Exchange {
    const { request, response, error, duration, side, dropped } = this;
    return { request, response, error, duration, side, dropped };
  }

  toJSON(): unknown {
    const { request, response, error, ...rest } = this[INSPECT]();
    return {
      request: { ...request, headers: [...request.headers] },
      response: response && { ...response, headers: [...response.headers] },
      error: error instanceof Error ? String(error) : error, // which has no members that JSON knows
      ...rest,
    };
  }
};
