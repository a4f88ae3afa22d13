import type { BodyLimits, BodySource } from "../body/body-source.ts";
import { requestBody } from "../body/request-body.ts";
import type { ExchangeLog } from "../history.ts";
import { originOf } from "../shape.ts";
import type { FlowRequest } from "../types.ts";
import type { Chain, Layer } from "./chain.ts";
import { asFlowRequest, ContentRequest } from "./content.ts";
import { drive } from "./drive.ts";
import { type Guard, guardOf, keepGuarded, NO_GUARD, stayBehind } from "./guard.ts";
import type { Hop } from "./hop.ts";
import { flowOf } from "./kind.ts";
import { Lifetime } from "./lifetime.ts";
import type { CallShape, Next } from "./outgoing.ts";
import { Place } from "./place.ts";
import type { Secrets } from "./secrets.ts";
import { type Line, type Message, send } from "./wire.ts";

/** What the runner decided for a call when it came in. */
export interface CallPlan {
  /** The schemes that may act on it, the outermost first. */
  readonly layers: readonly Layer[];
  readonly limits: BodyLimits;
  readonly contentLimit: number;
  /** The caller's redirect mode. */
  readonly redirect: RequestRedirect | undefined;
}

/** One call: its flows, one inside the other, down to the wire. */
export class Call implements Line {
  readonly next: Next;
  readonly shape: CallShape;
  readonly chain: Chain;
  readonly log: ExchangeLog;
  readonly secrets: Secrets;
  readonly plan: CallPlan;
  /** Whether redirects are followed here; the runtime may turn out to hide them. */
  follows: boolean;
  /** Where the call's own request went last. */
  sentTo = "";

  constructor(
    next: Next,
    shape: CallShape,
    chain: Chain,
    log: ExchangeLog,
    secrets: Secrets,
    plan: CallPlan,
    follows: boolean,
  ) {
    this.next = next;
    this.shape = shape;
    this.chain = chain;
    this.log = log;
    this.secrets = secrets;
    this.plan = plan;
    this.follows = follows;
  }

  /** Sends one hop through all flows that may act there. */
  send(hop: Hop, body: BodySource | undefined, lifetime: Lifetime): Promise<Response> {
    if (this.plan.layers.length > 1) hop.takeStock();
    return drive(this, { request: hop.request, body, hop, guard: NO_GUARD }, 0, lifetime);
  }

  /** The next flow that may act on a message; `undefined` where the message goes out. */
  enter({ request: sent, body, hop }: Message, depth: number, lifetime: Lifetime): Place | undefined {
    const { layers } = this.plan;
    const origin = originOf(sent.url);
    let index = depth;
    let layer = layers[index];
    while (layer && !this.chain.admits(layer, origin)) layer = layers[++index];
    if (!layer) return undefined;

    const { scheme } = layer;
    const request = flowRequestOf(sent);
    // Flows outside still hold this very Request: what they have set on it is guarded, and what is set on it in here
    // must not look as if they had.
    const before: Guard | undefined = depth > 0 ? [...sent.headers] : undefined;
    const guard = before ? guardOf(before, hop?.stock ?? NO_GUARD) : NO_GUARD;
    const flow = flowOf(scheme, request, {
      signal: lifetime.signal,
      user: hop?.user,
      send: (aside, options) => this.#sendAside(place, aside, options?.signal),
    });
    const place = new Place(scheme, request, flow, index, body, hop, guard, request === sent ? before : undefined);
    lifetime.enter(flow);
    return place;
  }

  /** Makes what a flow yielded a message for the flows inside. */
  inward(place: Place, request: Request, lifetime: Lifetime): Message | Promise<Message> {
    const { relation } = place;
    if (relation === "side") return this.#withOwnBody(request, undefined, NO_GUARD, lifetime);
    const { hop, guard } = place;
    const stays = request === place.request || originOf(request.url) === originOf(place.request.url);
    if (stays) keepGuarded(request.headers, guard);
    else stayBehind(request.headers, hop, guard);
    if (relation === "same" && !request.body) return { request, body: place.body, hop, guard };

    // Derived with another body: the type that stood for the call's says nothing of this one.
    const type = relation === "same" ? hop?.derivedType : undefined;
    if (type !== undefined && request.headers.get("content-type") === type) request.headers.delete("content-type");
    return this.#withOwnBody(request, hop, guard, lifetime);
  }

  /** Sends a message for which no flow is left. */
  depart(message: Message, lifetime: Lifetime): Promise<Response> {
    const { request, hop } = message;
    const redirect = !hop || this.follows ? "manual" : this.plan.redirect;
    // A flow that goes on may change its Request, and what went out must stay what it was.
    const headers = hop && this.plan.limits.sendsOnce ? request.headers : new Headers(request.headers);
    if (hop) {
      this.sentTo = request.url;
      this.secrets.learn(request.url, hop);
    }
    return send(this, message, headers, redirect, lifetime);
  }

  async #withOwnBody(request: Request, hop: Hop | undefined, guard: Guard, lifetime: Lifetime): Promise<Message> {
    return { request, body: lifetime.keep(await requestBody(request, this.plan.limits)), hop, guard };
  }

  /** A request beside the call: it lives as long as the signal that it was sent with allows. */
  #sendAside(place: Place, request: Request, signal: AbortSignal | undefined): Promise<Response> {
    const lifetime = new Lifetime(signal, this.log);
    return lifetime.run(async () => {
      const message = await this.#withOwnBody(request, undefined, NO_GUARD, lifetime);
      lifetime.check();
      const response = await drive(this, message, place.depth + 1, lifetime);
      lifetime.settle();
      return response;
    });
  }
}

/** The Request for the next flow: without a body of its own, and such that what is derived from it shows. */
function flowRequestOf(request: Request): FlowRequest {
  if (request.redirect === "manual" && !request.body) return asFlowRequest(request);
  const { url, method, headers } = request;
  return new ContentRequest(url, { method, headers, redirect: "manual" });
}
