import type { BodySource } from "../body/body-source.ts";
import { cancel } from "../body/drain.ts";
import { noResponse } from "../errors/invalid-response.ts";
import { type ExchangeLog, RecordedExchange } from "../history.ts";
import { isResponse, isThenable } from "../shape.ts";
import type { Chain } from "./chain.ts";
import { Departure } from "./departure.ts";
import type { Guard } from "./guard.ts";
import type { Hop } from "./hop.ts";
import type { Lifetime } from "./lifetime.ts";
import { callNext, type CallShape, type Next } from "./outgoing.ts";
import type { Secrets } from "./secrets.ts";

/** A request on its way inward, between two flows. */
export interface Message {
  readonly request: Request;
  readonly body: BodySource | undefined;
  /** Where it stands in the call; `undefined` for a scheme's own request. */
  readonly hop: Hop | undefined;
  /** What the schemes outside have set, and those inside leave alone. */
  readonly guard: Guard;
}

/** What all requests of one call have in common. */
export interface Line {
  readonly next: Next;
  readonly shape: CallShape;
  readonly chain: Chain;
  readonly secrets: Secrets;
  readonly log: ExchangeLog;
}

/** The one place from which requests go out, each into the history of its call. */
export async function send(
  line: Line,
  { request, body, hop }: Message,
  headers: Headers,
  redirect: RequestRedirect | undefined,
  lifetime: Lifetime,
): Promise<Response> {
  let content: BodyInit | undefined;
  if (body) {
    const opened = body.open();
    content = isThenable(opened) ? await opened : opened;
    // A factory's type is known only now.
    if (body.type !== undefined && !headers.has("content-type")) headers.set("content-type", body.type);
    lifetime.check();
  }

  const departure = new Departure(line, request, headers, hop);
  const began = performance.now();
  let response: Response | undefined;
  try {
    const { next, shape } = line; // a plain function: some fetches refuse to be called as a method
    response = await callNext(next, shape, request, headers, hop, content, redirect, lifetime.signal, departure);
    if (!isResponse(response)) throw noResponse(response);
  } catch (error) {
    if (!departure.reported) line.log.add(new RecordedExchange(departure, undefined, error, performance.now() - began));
    line.log.attach(error);
    throw error;
  }
  if (!departure.reported)
    line.log.add(new RecordedExchange(departure, response, undefined, performance.now() - began));
  line.log.attach(response);
  if (lifetime.over) {
    cancel(response);
    lifetime.check();
  }
  return response;
}
