import type { BodyLimits, BodySource } from "../body/body-source.ts";
import { requestBody } from "../body/request-body.ts";
import { RedirectHiddenError } from "../errors/redirect-hidden.ts";
import { originOf } from "../shape.ts";
import type { FlowContext, FlowRequest } from "../types.ts";
import type { Chain, Layer } from "./chain.ts";
import { asFlowRequest, ContentRequest } from "./content.ts";
import { drive } from "./drive.ts";
import { type Guard, guardOf, keepGuarded, NO_GUARD, restore } from "./guard.ts";
import { Lifetime } from "./lifetime.ts";
import { sawHiddenRedirect } from "./runtime.ts";
import type { Secrets } from "./secrets.ts";
import type { Relation } from "./step.ts";
import type { Departure, Wire } from "./wire.ts";

/** The caller's own credentials: they belong to the origin that they were given for. */
export const CALLERS_OWN: readonly string[] = ["authorization", "proxy-authorization", "cookie", "host"];

/** What the caller would send at one hop, if there were no scheme. */
export interface Hop {
  /** The Request for the flows; its method and URL are as the platform spells them. */
  readonly request: FlowRequest;
  readonly headers: Headers;
  /** The method and the URL as the caller wrote them. */
  readonly method: string | undefined;
  readonly written: string;
  readonly user: string | undefined;
  /** The Content-Type that the platform would derive from the body, if the caller gave none. */
  readonly derivedType: string | undefined;
}

/** A request between two flows, on its way inward. */
interface Message {
  readonly request: Request;
  readonly body: BodySource | undefined;
  /** It is a scheme's own request, not the call's. */
  readonly side: boolean;
  readonly guard: Guard;
}

interface Parts {
  readonly layers: readonly Layer[];
  readonly chain: Chain;
  readonly secrets: Secrets;
  readonly wire: Wire;
  readonly limits: BodyLimits;
  readonly contentLimit: number;
  readonly redirect: RequestRedirect | undefined;
  readonly follow: boolean;
}

/** The flows of a call, one inside the other, down to the wire. */
export class Pipeline {
  /** Whether redirects are followed here; the runtime may turn out to hide them. */
  follows: boolean;
  /** Where the call's own request went last. */
  sentTo = "";
  #parts: Parts;
  #hop!: Hop;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.follows = parts.follow;
  }

  /** Sends one hop through all flows that may act there. */
  send(hop: Hop, body: BodySource | undefined, lifetime: Lifetime): Promise<Response> {
    this.#hop = hop;
    return this.#inward(0, { request: hop.request, body, side: false, guard: NO_GUARD }, lifetime);
  }

  /** Runs the next flow that may act on a message, or sends it if there is none. */
  async #inward(depth: number, message: Message, lifetime: Lifetime): Promise<Response> {
    const { layers, chain, contentLimit, secrets } = this.#parts;
    const { request: sent, body, side } = message;
    const origin = originOf(sent.url);
    const index = layers.findIndex((layer, at) => at >= depth && chain.admits(layer, origin));
    const layer = layers[index];
    if (!layer) return this.#depart(message, lifetime);

    // Flows outside still hold this very Request; what is set on it in here must not look as if they had.
    const before = depth > 0 ? new Headers(sent.headers) : undefined;
    const guard = before ? guardOf(before, side ? undefined : this.#hop.headers, message.guard) : NO_GUARD;
    const request = flowRequestOf(sent);
    const from: Message = { request, body, side, guard };
    const context: FlowContext = {
      signal: lifetime.signal,
      user: this.#hop.user,
      send: (aside, options) => this.#sendAside(index + 1, from, aside, options?.signal),
    };
    try {
      return await drive({
        scheme: layer.scheme,
        request,
        body,
        context,
        lifetime,
        contentLimit,
        shown: secrets.shown,
        pass: (yielded, relation) => this.#pass(index + 1, from, yielded, relation, lifetime),
      });
    } finally {
      if (before && request === sent) restore(sent.headers, before);
    }
  }

  /** Makes what a flow yielded a message for the flows inside. */
  async #pass(
    depth: number,
    from: Message,
    yielded: Request,
    relation: Relation,
    lifetime: Lifetime,
  ): Promise<Response> {
    let { body, guard } = from;
    if (relation !== "same" || yielded.body) {
      body = lifetime.keep(await requestBody(yielded, this.#parts.limits));
      // Derived with another body: the type that stood for the call's says nothing of this one.
      const { derivedType } = this.#hop;
      if (derivedType !== undefined && relation === "same" && yielded.headers.get("content-type") === derivedType) {
        yielded.headers.delete("content-type");
      }
    }
    if (relation === "side") guard = NO_GUARD;
    else if (originOf(yielded.url) === originOf(from.request.url)) keepGuarded(yielded.headers, guard);
    else this.#stayBehind(yielded.headers, guard);
    return this.#inward(depth, { request: yielded, body, side: from.side || relation === "side", guard }, lifetime);
  }

  /** A request beside the call: it lives as long as the signal that it was sent with allows. */
  #sendAside(depth: number, from: Message, request: Request, signal: AbortSignal | undefined): Promise<Response> {
    const lifetime = new Lifetime(signal);
    return lifetime.run(() => this.#pass(depth, from, request, "side", lifetime));
  }

  /** Takes off what must not go along when a flow sends the call's request to another origin. */
  #stayBehind(headers: Headers, guard: Guard): void {
    for (const name of CALLERS_OWN) {
      if (headers.has(name) && headers.get(name) === this.#hop.headers.get(name)) headers.delete(name);
    }
    for (const name of guard.keys()) headers.delete(name);
  }

  async #depart({ request, body, side }: Message, lifetime: Lifetime): Promise<Response> {
    const { secrets, wire, redirect } = this.#parts;
    const hop = this.#hop;
    const { url, method } = request;
    const headers = new Headers(request.headers);
    if (!side) {
      secrets.learn(url, headers, { url: hop.request.url, headers: hop.headers });
      this.sentTo = url;
    }
    const departure: Departure = {
      url: !side && url === hop.request.url ? hop.written : url,
      method: !side && method === hop.request.method ? hop.method : method,
      headers,
      body,
      redirect: side || this.follows ? "manual" : redirect,
      side: side ? request : undefined,
      shown: { method, url },
    };
    const response = await wire.send(departure, lifetime);
    if (side || !this.follows || response.type !== "opaqueredirect") return response;

    // The runtime hides redirects, contrary to what it looked like: from here on they are left to it.
    sawHiddenRedirect();
    this.follows = false;
    if (method !== "GET" && method !== "HEAD") throw lifetime.end(new RedirectHiddenError(secrets.shown(url), method));
    return wire.send({ ...departure, redirect }, lifetime);
  }
}

/** The Request for the next flow: without a body of its own, and such that what is derived from it shows. */
function flowRequestOf(request: Request): FlowRequest {
  if (request.redirect === "manual" && !request.body) return asFlowRequest(request);
  const { url, method, headers } = request;
  return new ContentRequest(url, { method, headers, redirect: "manual" });
}
