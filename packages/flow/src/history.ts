import { redactHeaders } from "./redact.ts";
import type { Exchange } from "./types.ts";

/** A request that went out, as it may be shown: without what the schemes of its call put on it. */
export interface Departed {
  readonly method: string;
  readonly side: boolean;
  shownUrl(): string;
  shownHeaders(): Headers;
}

/** One exchange. Raw values stay in private fields: no inspection and no JSON reaches them. */
export class RecordedExchange implements Exchange {
  readonly duration: number;
  readonly error: unknown;
  side: boolean;
  dropped: readonly string[] = [];
  #departed: Departed;
  #status: number | undefined;
  #headers: Headers | undefined;
  #request: Exchange["request"] | undefined;
  #response: Exchange["response"];

  constructor(departed: Departed, response: Response | undefined, error: unknown, duration: number) {
    this.#departed = departed;
    // Of the response only these, so that a history keeps no bodies.
    this.#status = response?.status;
    this.#headers = response?.headers;
    this.side = departed.side;
    this.error = error;
    this.duration = duration;
  }

  // Redacted when somebody looks: most calls are never looked at.
  get request(): Exchange["request"] {
    const departed = this.#departed;
    return (this.#request ??= {
      method: departed.method,
      url: departed.shownUrl(),
      headers: departed.shownHeaders(),
    });
  }

  get response(): Exchange["response"] {
    if (this.#headers && this.#status !== undefined) {
      this.#response ??= { status: this.#status, headers: redactHeaders(this.#headers, () => false) };
    }
    return this.#response;
  }

  toJSON(): unknown {
    const { request, response, duration, side, dropped } = this;
    return {
      request: { ...request, headers: [...request.headers] },
      response: response && { ...response, headers: [...response.headers] },
      duration,
      side,
      dropped,
    };
  }
}

/** Where in a log a response or an error stands: how many exchanges came before it, and how many with its own. */
interface Place {
  readonly log: readonly Exchange[];
  readonly before: number;
  readonly through: number;
}

const places = new WeakMap<object, Place>();

/** The exchanges of one call, in wire order. */
export class ExchangeLog {
  readonly exchanges: Exchange[] = [];
  #observers: readonly ((exchange: Exchange) => void)[];
  #outer: { report?(exchange: Exchange): void } | undefined;

  /**
   * @param observers see each exchange as it ends
   * @param outer takes them into the history of a runner further outside
   */
  constructor(
    observers: readonly ((exchange: Exchange) => void)[],
    outer?: { report?(exchange: Exchange): void } | undefined,
  ) {
    this.#observers = observers;
    this.#outer = outer;
  }

  add(exchange: Exchange): void {
    this.exchanges.push(exchange);
    this.#outer?.report?.(exchange);
    for (const observe of this.#observers) {
      try {
        observe(exchange);
      } catch (error) {
        // An observer can't harm the call; its error goes where uncaught ones go.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Lets a response, or an error, find the exchanges that led to it: the last one is its own, unless it was `made` here. */
  attach(owner: unknown, made = false): void {
    if (typeof owner !== "object" || owner === null) return;
    const through = this.exchanges.length;
    places.set(owner, { log: this.exchanges, before: made ? through : through - 1, through });
  }

  has(owner: object): boolean {
    return places.get(owner)?.log === this.exchanges;
  }
}

/**
 * Corrects what a runner further inside reported, which can't know it all: whether the request is a scheme's own, and
 * which credentials were set out here and taken off by a wrapper in between.
 */
export function markReported(exchange: Exchange, sent: Headers, side: boolean): void {
  const dropped = ["authorization", "proxy-authorization"].filter(
    (name) => sent.has(name) && !exchange.request.headers.has(name),
  );
  // Both are plain members of every exchange, whichever copy of this package made it.
  Object.assign(exchange, { dropped: [...exchange.dropped, ...dropped], side: exchange.side || side });
}

/**
 * The exchanges that came before a response: each challenge that was answered, each redirect that was followed. What
 * the schemes sent for themselves (token requests) is left out; {@link exchangesOf} has all.
 *
 * @param response a response that an authenticated fetch gave, or that a flow was resumed with
 * @returns an empty list for any other
 *
 * @example
 * import { historyOf } from "@authflow/flow";
 *
 * console.log(historyOf(new Response("from elsewhere"))); // → []
 */
export function historyOf(response: Response): readonly Exchange[] {
  const place = places.get(response);
  return place ? place.log.slice(0, place.before).filter((exchange) => !exchange.side) : [];
}

/**
 * All exchanges of a call up to a response or an error, in wire order, side requests included; the last one is the
 * response's own.
 *
 * @param owner a response that an authenticated fetch gave, or an error that it threw
 * @returns an empty list for any other
 */
export function exchangesOf(owner: unknown): readonly Exchange[] {
  const place = typeof owner === "object" && owner !== null ? places.get(owner) : undefined;
  return place ? place.log.slice(0, place.through) : [];
}
