import type { BodyLimits } from "../body/body-source.ts";
import { requestBody } from "../body/request-body.ts";
import { ExchangeLog } from "../history.ts";
import { copyOf, type Entries, entriesOf } from "../headers.ts";
import { originOf } from "../shape.ts";
import type { FlowRequest } from "../types.ts";
import type { Chain } from "./chain.ts";
import { asFlowRequest, contentRequest } from "./content.ts";
import { drive, type Inside } from "./drive.ts";
import { keepOuter, stayBehind } from "./guard.ts";
import type { Hop } from "./hop.ts";
import { flowOf } from "./kind.ts";
import type { Layer } from "./layer.ts";
import { Lifetime } from "./lifetime.ts";
import type { Mark } from "./mark.ts";
import type { Message } from "./message.ts";
import { type Asked, callNext, type Next, type Outgoing } from "./outgoing.ts";
import { Place } from "./place.ts";
import type { Acting, Runner } from "./runner.ts";
import { hidesRedirects } from "./runtime.ts";
import { Secrets } from "./secrets.ts";

const NOTHING: Entries = [];

/** One call: its flows, one inside the other, down to the wire. */
export class Call implements Inside {
  /** The schemes that may act on it, the outermost first. */
  readonly layers: readonly Layer[];
  readonly limits: BodyLimits;
  readonly contentLimit: number;
  readonly chain: Chain;
  readonly log: ExchangeLog;
  readonly secrets: Secrets;
  readonly asked: Asked;
  /** Whether redirects are followed here; the runtime may turn out to hide them. */
  follows: boolean;
  readonly #next: Next;
  readonly #redirect: RequestRedirect | undefined;

  constructor(
    { next, settings }: Runner,
    { layers, limits, secretNames }: Acting,
    asked: Asked,
    chain: Chain,
    mark: Mark | undefined,
  ) {
    const { input, init } = asked;
    this.layers = layers;
    this.limits = limits;
    this.contentLimit = settings.contentLimit;
    this.chain = chain;
    this.log = new ExchangeLog(settings.observers, mark);
    this.secrets = new Secrets(mark, secretNames);
    this.asked = asked;
    this.#next = next;
    this.#redirect = init?.redirect ?? (typeof input === "string" ? undefined : input.redirect);
    this.follows = (this.#redirect ?? "follow") === "follow" && !hidesRedirects();
  }

  /** The user name that stood in the URL. */
  get user(): string | undefined {
    return this.asked.user;
  }

  /** The next flow that may act on a message; `undefined` where the message goes out. */
  enter(
    { request: sent, body, hop }: Message,
    outer: Place | undefined,
    depth: number,
    lifetime: Lifetime,
  ): Place | undefined {
    const { layers } = this;
    const origin = hop && sent === hop.request ? hop.origin : originOf(sent.url);
    let index = depth;
    let layer = layers[index];
    while (layer && !this.chain.admits(layer, origin)) layer = layers[++index];
    if (!layer) return undefined;

    const { scheme } = layer;
    const request = flowRequestOf(sent);
    const flow = flowOf(scheme, request, {
      signal: lifetime.signal,
      user: hop && !this.chain.left ? this.user : undefined,
      send: (aside, options) => this.#sendAside(index + 1, aside, options?.signal),
    });
    // A flow outside may hold this very Request: what it has set stays, and what is set in here must not look as if it
    // had been the one.
    const before = depth > 0 ? entriesOf(sent.headers) : NOTHING;
    const restores = request === sent && outer !== undefined && !outer.scheme.sendsOnce;
    return new Place(scheme, request, flow, index, body, hop, before, restores);
  }

  /** Makes what a flow yielded a message for the flows inside. */
  inward(place: Place, request: Request, lifetime: Lifetime): Message | Promise<Message> {
    const { before, hop, relation } = place;
    if (relation === "side") return this.#withOwnBody(request, undefined, lifetime);
    const { headers } = request;
    if (request === place.request || originOf(request.url) === originOf(place.request.url))
      keepOuter(headers, before, hop);
    else stayBehind(headers, before, hop);
    if (relation === "same" && !request.body) {
      const bodyless = request.method === "GET" || request.method === "HEAD";
      // A call that came as a GET with a body is the platform's to refuse.
      return { request, body: bodyless && request.method !== place.request.method ? undefined : place.body, hop };
    }

    // Derived with another body: the type that stood for the call's says nothing of this one.
    const type = relation === "same" ? hop?.derivedType : undefined;
    if (type !== undefined && headers.get("content-type") === type) headers.delete("content-type");
    return this.#withOwnBody(request, hop, lifetime);
  }

  /** What goes out with a message for which no flow is left; its body is opened later. */
  outgoing({ request, hop }: Message): Outgoing {
    if (hop) this.secrets.learn(request === hop.request ? hop.url : request.url, hop);
    return {
      request,
      hop,
      // A flow that goes on may change its Request, and what went out must stay what it was.
      headers: hop && this.limits.sendsOnce ? request.headers : copyOf(request.headers),
      body: undefined,
      redirect: !hop || this.follows ? "manual" : this.#redirect,
    };
  }

  /** Calls the fetch inside. Nothing else does. */
  fetch(outgoing: Outgoing, signal: AbortSignal | undefined, mark: Mark): Promise<Response> {
    return callNext(this.#next, this.asked, outgoing, signal, mark);
  }

  async #withOwnBody(request: Request, hop: Hop | undefined, lifetime: Lifetime): Promise<Message> {
    return { request, body: lifetime.keep(await requestBody(request, this.limits)), hop };
  }

  /** A request beside the call: it lives as long as the signal that it was sent with allows. */
  #sendAside(depth: number, request: Request, signal: AbortSignal | undefined): Promise<Response> {
    const lifetime = new Lifetime(signal, this.log);
    return lifetime.run(async () => {
      const message = await this.#withOwnBody(request, undefined, lifetime);
      lifetime.check();
      return drive(this, message, depth, lifetime);
    });
  }
}

/** The Request for the next flow: without a body of its own, and such that what is derived from it shows. */
function flowRequestOf(request: Request): FlowRequest {
  if (request.redirect === "manual" && !request.body) return asFlowRequest(request);
  const { url, method, headers } = request;
  return contentRequest(url, { method, headers, redirect: "manual" });
}
