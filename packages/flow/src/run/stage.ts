import { InvalidRequestError } from "../errors/invalid-request.ts";
import { NoRequestError } from "../errors/no-request.ts";
import { TooManyStepsError } from "../errors/too-many-steps.ts";
import { entriesOf } from "../headers.ts";
import { isRequest, isResponse } from "../shape.ts";
import type { AuthScheme, FlowRequest, FlowResponse } from "../types.ts";
import { asFlowResponse, asPlainResponse } from "./content.ts";
import type { Flow, FlowStep } from "./lifetime.ts";

const NONE: readonly Response[] = [];

/** How many requests one flow may yield in a call. */
const STEP_LIMIT = 20;

/**
 * What a yielded request is to the one that the flow was given. `same`: that one, derived from it, or made anew for the
 * same URL without a body, to be sent with the call's body. `fresh`: another Request for the same URL, with the body it
 * carries. `side`: anything else.
 */
export type Relation = "same" | "fresh" | "side";

const claimed = new WeakSet<object>();

/** Makes a Request the call's own, wherever it goes: what an auth function returns is to be sent. */
export function claim(request: Request): Request {
  // What a function returned may be anything; the runner refuses what is no Request.
  if (isRequest(request)) claimed.add(request);
  return request;
}

/** An error that came where a response was due. */
export class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** One flow on its way from its first request to its response, stepped by a runner that sends what it yields. */
export class Stage {
  readonly scheme: AuthScheme;
  readonly request: FlowRequest;
  readonly flow: Flow;
  /** The flow has run to its end, and needs no `return()`. */
  ended = false;
  /** What it yielded last. */
  relation: Relation = "same";
  #steps = 0;
  /** The latest response to the call's own request, or the error that came instead. */
  #last: FlowResponse | undefined;
  /** Nobody has drained it yet, or taken it over. */
  #lastIsOpen = false;
  /** Responses to the scheme's own requests, which the flow may not have read. */
  #asides: Response[] | undefined;
  #lost: Failure | undefined;
  /** What the flow is resumed with. */
  #answer: FlowResponse | undefined;
  #failure: Failure | undefined;

  constructor(scheme: AuthScheme, request: FlowRequest, flow: Flow) {
    this.scheme = scheme;
    this.request = request;
    this.flow = flow;
  }

  /** Resumes the flow with what it was given last. */
  resume(): FlowStep {
    // The first `next` takes nothing, whatever it is given.
    return this.#failure ? this.flow.throw(this.#failure.error) : this.flow.next(this.#answer as FlowResponse);
  }

  /** The flow threw: gives the error on, with the one that it was handling as cause. */
  threw(error: unknown): unknown {
    this.ended = true;
    const { error: cause } = this.#failure ?? { error };
    if (error !== cause && error instanceof Error && error.cause === undefined) {
      Reflect.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
    }
    return error;
  }

  /**
   * The flow ended.
   * @returns the Response that the flow returned, or the last one to the call's own request, or the error instead of it
   */
  end(returned: unknown): Response | Failure {
    this.ended = true;
    const response = isResponse(returned) ? returned : this.#last;
    if (!response) {
      if (this.#lost) return this.#lost;
      throw new NoRequestError(this.scheme.name);
    }
    this.#handOn(response);
    return asPlainResponse(response);
  }

  /** The flow yielded: what it wants to be sent. */
  yielded(value: unknown): Request {
    if (value !== this.request && !isRequest(value)) throw new InvalidRequestError(this.scheme.name, value);
    if (++this.#steps > STEP_LIMIT) throw new TooManyStepsError(this.scheme.name, STEP_LIMIT);
    const request = value as Request; // as was just seen
    this.relation = this.#relationOf(request);
    return request;
  }

  /** A response came to what it yielded. */
  take(response: Response): FlowResponse {
    const { sendsOnce, requiresResponseBody } = this.scheme;
    // A flow that sends once and asks for no content has no use for the property.
    const plain = (sendsOnce && !requiresResponseBody) || "content" in response;
    const answer = plain ? (response as FlowResponse) : asFlowResponse(response);
    if (this.relation === "side") (this.#asides ??= []).push(answer);
    else {
      this.#last = answer;
      this.#lastIsOpen = true;
    }
    this.#answer = answer;
    this.#failure = undefined;
    return answer;
  }

  /** No response came, but an error, which the flow may handle. */
  lose(error: unknown): void {
    this.#failure = new Failure(error);
    if (this.relation === "side") return;
    this.#lost = this.#failure;
    // A response may have come, whose content could not be read.
    if (this.#last && this.#lastIsOpen) (this.#asides ??= []).push(this.#last);
    this.#lastIsOpen = false;
    this.#last = undefined;
  }

  /** The response that was to be answered, for whom the answer fails: it goes to the caller. */
  giveUp(): Response | undefined {
    this.#lastIsOpen = false;
    return this.#last && asPlainResponse(this.#last);
  }

  /** The responses that are neither drained nor handed on; they are the driver's from here on. */
  open(): readonly Response[] {
    if (!this.#lastIsOpen && !this.#asides) return NONE;
    const open = this.#asides ?? [];
    if (this.#lastIsOpen && this.#last) open.push(this.#last);
    this.#lastIsOpen = false;
    this.#asides = undefined;
    return open;
  }

  #handOn(response: Response): void {
    if (response === this.#last) this.#lastIsOpen = false;
    else this.#asides = this.#asides?.filter((aside) => aside !== response);
  }

  #relationOf(yielded: Request): Relation {
    const { request } = this;
    if (yielded === request) return "same";
    const here = yielded.url === request.url;
    // What is derived from the request keeps its redirect mode on every runtime, where a fresh Request says "follow".
    // One for another URL has its headers, too: a token request that asks for "manual" itself is the scheme's own.
    if (yielded.redirect === "manual" && (here || carries(yielded.headers, request.headers))) return "same";
    if (!here && !claimed.has(yielded)) return "side";
    // Made anew without the body that the call has: it is meant to go with it.
    return yielded.body === null && yielded.method === request.method ? "same" : "fresh";
  }
}

function carries(headers: Headers, those: Headers): boolean {
  return entriesOf(those).every(([name]) => headers.has(name));
}
