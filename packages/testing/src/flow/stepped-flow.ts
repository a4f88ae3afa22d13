import {
  type AsyncFlow,
  type AuthFunction,
  type AuthScheme,
  defineScheme,
  type FlowContext,
  type FlowRequest,
  NoRequestError,
  type SyncFlow,
} from "@authflow/flow";
import { WalkError } from "../errors/walk.ts";
import { NO_BYTES, recorded, type RecordedRequest } from "../recorded-request.ts";
import { flowRequest, flowResponse, giveRequestContent, giveResponseContent, plainResponse } from "./content.ts";
import { Queue } from "./events.ts";

/** A request that a flow sent. */
export interface FlowStep extends RecordedRequest {
  /** It was the scheme's own, such as a token request: the caller doesn't get its response. */
  readonly side: boolean;
}

/** What a flow is answered with: a response, an error of the transport, or what a function of the request gives. */
export type FlowReply = Response | Error | ((request: FlowStep) => Response | Error | Promise<Response | Error>);

export interface StepOptions {
  /** The user name that stands in the flow's `context.user`. Default: none. */
  readonly user?: string | undefined;
  /** The signal that stands in the flow's `context.signal`. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Which flow of a scheme that has both is stepped. Default: `async`, as `runFlow` does. */
  readonly kind?: "async" | "sync" | undefined;
}

type Flow = SyncFlow | AsyncFlow;

type Event =
  | { readonly what: "yield"; readonly step: FlowStep }
  | { readonly what: "send"; readonly step: FlowStep; answer(reply: Response | Error): void }
  | { readonly what: "end"; readonly returned: Response | undefined }
  | { readonly what: "failure"; readonly error: unknown };

/**
 * A flow that stands still after each of its requests, until it is answered. Requests that it sends by `context.send`
 * count as steps, too.
 */
export class SteppedFlow {
  readonly #scheme: AuthScheme;
  readonly #request: FlowRequest;
  readonly #body: Uint8Array<ArrayBuffer>;
  readonly #ownAll: boolean;
  readonly #flow: Flow;
  readonly #events = new Queue<Event>();
  readonly #requests: FlowStep[] = [];
  #current: Event | undefined;
  #started = false;
  #last: Response | undefined;

  /** @internal use `stepFlow` */
  constructor(
    scheme: AuthScheme,
    request: FlowRequest,
    body: Uint8Array<ArrayBuffer>,
    ownAll: boolean,
    options: StepOptions,
  ) {
    this.#scheme = scheme;
    this.#request = request;
    this.#body = body;
    this.#ownAll = ownAll;
    const context: FlowContext = {
      user: options.user,
      signal: options.signal,
      send: (side) => this.#send(side),
    };
    giveRequestContent(scheme, request, body);
    this.#flow = begin(scheme, request, context, options.kind ?? "async");
  }

  /** Every request so far, each as it was when it was sent. */
  get requests(): readonly FlowStep[] {
    return this.#requests;
  }

  /** Whether the flow ended. */
  get finished(): boolean {
    return this.#current?.what === "end" || this.#current?.what === "failure";
  }

  /** The Response that the flow itself returned, if it did. */
  get returned(): Response | undefined {
    return this.#current?.what === "end" ? this.#current.returned : undefined;
  }

  /**
   * What the caller gets: what the flow returned, or else the last response to the call's own request.
   *
   * @throws `ERR_AUTHFLOW_WALK` while the flow waits for a response
   * @throws `ERR_AUTHFLOW_NO_REQUEST` for a flow that ended with neither
   */
  get response(): Response {
    if (!this.finished) {
      throw new WalkError(`The flow of "${this.#scheme.name}" has not ended: ${this.#position()}. Answer it first.`);
    }
    const response = this.returned ?? this.#last;
    if (!response) throw new NoRequestError(this.#scheme.name);
    return response;
  }

  /**
   * Runs the flow up to its next request.
   *
   * @param reply the answer to the request before it; none the first time
   * @returns the request, as it was when it was sent
   * @throws `ERR_AUTHFLOW_WALK` for a flow that ended instead
   * @throws what the flow throws
   */
  async next(reply?: FlowReply): Promise<FlowStep> {
    const step = await this.advance(reply);
    if (step) return step;
    throw new WalkError(
      `The flow of "${this.#scheme.name}" was to send another request, but it ended after ${count(this.#requests.length, "request")}.`,
    );
  }

  /**
   * Answers the last request.
   *
   * @returns what the caller gets
   * @throws `ERR_AUTHFLOW_WALK` for a flow that sends another request instead of ending
   * @throws what the flow throws
   */
  async end(reply: FlowReply): Promise<Response> {
    const step = await this.advance(reply);
    if (!step) return this.response;
    throw new WalkError(
      `The flow of "${this.#scheme.name}" was to end, but it sent another request: ${step.method} ${step.url}.`,
    );
  }

  /** Runs the flow up to its next request, or to its end: then there is none. */
  async advance(reply?: FlowReply): Promise<FlowStep | undefined> {
    if (this.finished) throw new WalkError(`The flow of "${this.#scheme.name}" ended; there is nothing to answer.`);
    const current = this.#current;
    if (reply === undefined && this.#started) throw new WalkError(`${this.#position()}; give one.`);
    if (reply !== undefined && !current) {
      throw new WalkError("The flow has not sent anything yet, so there is nothing to answer. Call next() first.");
    }
    this.#started = true;
    if (current && (current.what === "yield" || current.what === "send") && reply !== undefined) {
      const answer = typeof reply === "function" ? await reply(current.step) : reply;
      if (current.what === "send") current.answer(answer);
      else await this.#answer(answer, current.step);
    } else {
      this.#resume(() => this.#flow.next());
    }
    const event = await this.#events.take();
    this.#current = event;
    if (event.what === "failure") throw event.error;
    if (event.what === "end") {
      const response = event.returned ?? this.#last;
      if (response) plainResponse(response);
      return undefined;
    }
    this.#requests.push(event.step);
    return event.step;
  }

  /** Ends the flow where it stands, and runs its `finally`. */
  async close(): Promise<void> {
    if (this.finished) return;
    const current = this.#current;
    this.#current = { what: "end", returned: undefined };
    try {
      if (current?.what === "send") current.answer(new WalkError("The walk ended before this request was answered."));
      await this.#flow.return(undefined);
    } catch {
      // The flow has no say any more.
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(answer: Response | Error, step: FlowStep): Promise<void> {
    if (answer instanceof Error) {
      if (!step.side) this.#last = undefined;
      this.#resume(() => this.#flow.throw(answer));
      return;
    }
    const response = flowResponse(answer);
    if (!step.side) this.#last = response;
    await giveResponseContent(this.#scheme, response);
    giveRequestContent(this.#scheme, this.#request, this.#body, response);
    this.#resume(() => this.#flow.next(response));
  }

  #resume(step: () => ReturnType<Flow["next"]>): void {
    void this.#outcome(step).then((event) => this.#events.push(event));
  }

  async #outcome(step: () => ReturnType<Flow["next"]>): Promise<Event> {
    try {
      const { done, value } = await step();
      if (done) return { what: "end", returned: value ?? undefined };
      return { what: "yield", step: await this.#record(value, this.#isSide(value)) };
    } catch (error) {
      return { what: "failure", error };
    }
  }

  async #send(request: Request): Promise<Response> {
    const step = await this.#record(request, true);
    return new Promise((resolve, reject) => {
      this.#events.push({
        what: "send",
        step,
        answer: (reply) => (reply instanceof Error ? reject(reply) : resolve(reply)),
      });
    });
  }

  async #record(request: Request, side: boolean): Promise<FlowStep> {
    const now = recorded(request, NO_BYTES); // before anything is waited for
    const sendsCallsBody = !side && !request.body && (request === this.#request || request.redirect === "manual");
    const body = request.body ? new Uint8Array(await request.clone().arrayBuffer()) : NO_BYTES;
    return Object.assign(recorded(now, sendsCallsBody ? this.#body : body), { side });
  }

  /** The runner's rule: the request itself, what is derived from it, and a fresh one for its URL are the call's own. */
  #isSide(request: Request): boolean {
    if (this.#ownAll || request === this.#request || request.redirect === "manual") return false;
    return request.url !== this.#request.url;
  }

  #position(): string {
    const step = this.#requests.at(-1);
    if (!step) return "it has not begun";
    return `it waits for a response to request ${this.#requests.length} (${step.method} ${step.url})`;
  }
}

/**
 * Opens a flow to be stepped by hand, where an answer depends on what was sent.
 *
 * @param scheme a scheme with a flow of any kind, or a function `(request) => request`
 * @param request what the call sends; it stays as it is, its body too
 * @returns the flow; nothing of it has run yet
 * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for what is no scheme
 * @throws `ERR_AUTHFLOW_WALK` for a scheme without a flow of the kind that was asked for
 *
 * @example
 * ```ts
 * import { stepFlow } from "@authflow/testing";
 *
 * const scheme = {
 *   name: "echo",
 *   *authFlow(request: Request) {
 *     const response: Response = yield request;
 *     request.headers.set("x-nonce", response.headers.get("x-nonce") ?? "");
 *     yield request;
 *   },
 * };
 * await using flow = await stepFlow(scheme, new Request("https://example.com/"));
 * await flow.next();
 * const second = await flow.next(new Response(null, { status: 401, headers: { "x-nonce": "n1" } }));
 * console.log(second.headers.get("x-nonce")); // → n1
 * const response = await flow.end(new Response("hello"));
 * console.log(await response.text()); // → hello
 * ```
 */
export async function stepFlow(
  scheme: AuthScheme | AuthFunction,
  request: Request,
  options: StepOptions = {},
): Promise<SteppedFlow> {
  const body = request.body ? new Uint8Array(await request.clone().arrayBuffer()) : NO_BYTES;
  return new SteppedFlow(defineScheme(scheme), flowRequest(request), body, isAuthFunction(scheme), options);
}

/** Whether a scheme is a function `(request) => request`, by itself or defined as a scheme: all it sends is the call's own. */
function isAuthFunction(scheme: AuthScheme | AuthFunction): boolean {
  if (typeof scheme !== "function") return false;
  const { authFlow, syncAuthFlow, asyncAuthFlow } = scheme as Partial<AuthScheme>;
  return !authFlow && Boolean(syncAuthFlow) === Boolean(asyncAuthFlow);
}

function begin(scheme: AuthScheme, request: FlowRequest, context: FlowContext, kind: "async" | "sync"): Flow {
  const flow =
    kind === "sync"
      ? (scheme.syncAuthFlow?.(request, context) ?? scheme.authFlow?.(request, context))
      : (scheme.asyncAuthFlow?.(request, context) ??
        scheme.authFlow?.(request, context) ??
        scheme.syncAuthFlow?.(request, context));
  if (flow) return flow;
  throw new WalkError(`"${scheme.name}" has no flow of the kind "${kind}".`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
