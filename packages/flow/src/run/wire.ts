import type { BodySource } from "../body/body-source.ts";
import { cancel } from "../body/drain.ts";
import { noResponse } from "../errors/invalid-response.ts";
import { type ExchangeLog, markDropped } from "../history.ts";
import { isResponse, isThenable } from "../shape.ts";
import type { Exchange } from "../types.ts";
import type { Chain } from "./chain.ts";
import type { Lifetime } from "./lifetime.ts";
import { argumentsFor, type CallShape, type Outgoing } from "./outgoing.ts";
import type { Secrets } from "./secrets.ts";

/** A request as it is to go out, with its body still at the source. */
export interface Departure extends Omit<Outgoing, "body" | "signal" | "mark"> {
  readonly body: BodySource | undefined;
  /** The method and the URL that the history shows. */
  readonly shown: { readonly method: string; readonly url: string };
}

/** A fetch of whatever kind. */
export type Next = (...input: readonly unknown[]) => Promise<Response>;

/** The one place from which requests go out, each into the history of its call. */
export class Wire {
  #next: Next;
  #shape: CallShape;
  #chain: Chain;
  #secrets: Secrets;
  #log: ExchangeLog;

  constructor(next: Next, shape: CallShape, chain: Chain, secrets: Secrets, log: ExchangeLog) {
    this.#next = next;
    this.#shape = shape;
    this.#chain = chain;
    this.#secrets = secrets;
    this.#log = log;
  }

  async send(departure: Departure, lifetime: Lifetime): Promise<Response> {
    const { body: source, headers, shown } = departure;
    const opened = source?.open();
    const body = opened !== undefined && isThenable(opened) ? await opened : opened;
    if (source?.type !== undefined && !headers.has("content-type")) headers.set("content-type", source.type);
    lifetime.check();

    const side = departure.side !== undefined;
    let reported = false; // by a runner further inside, which is nearer to the wire
    const report = (exchange: Exchange): void => {
      reported = true;
      markDropped(exchange, headers, side);
      this.#log.add(exchange);
    };
    const mark = { ...this.#chain.mark(), secrets: this.#secrets.names, report };
    const { isHeader, shown: shownUrl } = this.#secrets;
    const sent = new Headers(headers); // the fetch inside may change those that it is given
    const began = performance.now();
    const record = (response: Exchange["response"], error?: unknown): void => {
      if (reported) return;
      const duration = performance.now() - began;
      this.#log.record({ ...shown, sent, response, error, duration, side, isHeader, shownUrl });
    };

    let response: Response;
    try {
      response = await this.#next(...argumentsFor(this.#shape, { ...departure, body, signal: lifetime.signal, mark }));
      if (!isResponse(response)) throw noResponse(response);
    } catch (error) {
      record(undefined, error);
      this.#log.attach(error);
      throw error;
    }
    record({ status: response.status, headers: response.headers });
    this.#log.attach(response);
    if (lifetime.over) {
      cancel(response);
      lifetime.check();
    }
    return response;
  }
}
