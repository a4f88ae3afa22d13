import type { AsyncFlow, AuthScheme, Bytes, FlowContext, FlowRequest, SyncFlow } from "@authflow/flow";
import { WalkError } from "../errors/walk.ts";
import { NO_BYTES, recorded } from "../recorded-request.ts";
import { flowResponse, giveRequestContent, giveResponseContent } from "./content.ts";
import { Queue } from "./queue.ts";
import type { FlowStep, StepOptions } from "./step.ts";

type Flow = SyncFlow | AsyncFlow;

/** What a flow does next: it sends a request and waits for the answer, or it is over. */
export type FlowEvent =
  | {
      readonly what: "request";
      readonly step: FlowStep;
      /** Whether it came by `context.send`, so that the generator is not suspended. */
      readonly isSend: boolean;
      readonly answer: (reply: Response | Error) => void;
    }
  | { readonly what: "end"; readonly returned: Response | undefined }
  | { readonly what: "failure"; readonly error: unknown };

/** Runs a generator and tells what it does, as a runner would see it. */
export class FlowDriver {
  readonly #scheme: AuthScheme;
  readonly #request: FlowRequest;
  readonly #body: Bytes;
  readonly #ownAll: boolean;
  readonly #flow: Flow;
  readonly #events = new Queue<FlowEvent>();
  #last: Response | Error | undefined;

  /** @param ownAll whether all that is yielded is the call's own, as with a function `(request) => request` */
  constructor(
    scheme: AuthScheme,
    request: FlowRequest,
    body: Bytes,
    ownAll: boolean,
    { user, signal, kind = "async" }: StepOptions,
  ) {
    this.#scheme = scheme;
    this.#request = request;
    this.#body = body;
    this.#ownAll = ownAll;
    giveRequestContent(scheme, request, body);
    this.#flow = begin(scheme, request, { user, signal, send: (side) => this.#send(side) }, kind);
  }

  /** What last came back for the call's own request: a response, or an error of the transport. */
  get last(): Response | Error | undefined {
    return this.#last;
  }

  start(): void {
    void this.#resume(() => this.#flow.next());
  }

  /** The next event; waits for it. */
  next(): Promise<FlowEvent> {
    return this.#events.take();
  }

  /** Ends the flow where it stands. */
  async finish(): Promise<void> {
    await this.#flow.return(undefined);
  }

  async #resume(step: () => ReturnType<Flow["next"]>): Promise<void> {
    try {
      const { done, value } = await step();
      if (done) {
        this.#events.push({ what: "end", returned: value ?? undefined });
        return;
      }
      const recordedStep = await this.#record(value, this.#isSide(value));
      this.#events.push({
        what: "request",
        step: recordedStep,
        isSend: false,
        answer: (reply) => void this.#answer(reply, recordedStep),
      });
    } catch (error) {
      await this.finish().catch(() => {}); // where it wasn't the flow that failed, it still stands
      this.#events.push({ what: "failure", error });
    }
  }

  #answer(reply: Response | Error, { side }: FlowStep): Promise<void> {
    return this.#resume(async () => {
      if (reply instanceof Error) {
        if (!side) this.#last = reply;
        return this.#flow.throw(reply);
      }
      const response = flowResponse(reply);
      if (!side) this.#last = response;
      await giveResponseContent(this.#scheme, response);
      giveRequestContent(this.#scheme, this.#request, this.#body, response);
      return this.#flow.next(response);
    });
  }

  /** `context.send`: a request of the scheme's own that is no step of the generator. */
  async #send(request: Request): Promise<Response> {
    const step = await this.#record(request, true);
    return new Promise((resolve, reject) => {
      const answer = (reply: Response | Error): void => (reply instanceof Error ? reject(reply) : resolve(reply));
      this.#events.push({ what: "request", step, isSend: true, answer });
    });
  }

  async #record(request: Request, side: boolean): Promise<FlowStep> {
    const now = recorded(request, NO_BYTES); // before anything is waited for
    const isDerived = request === this.#request || request.redirect === "manual";
    if (!side && isDerived && !request.body) return Object.assign(recorded(now, this.#body), { side });
    const body = request.body ? new Uint8Array(await request.clone().arrayBuffer()) : NO_BYTES;
    return Object.assign(recorded(now, body), { side });
  }

  /** The runner's rule: the request itself, what is derived from it, and a fresh one for its URL are the call's own. */
  #isSide(request: Request): boolean {
    if (this.#ownAll || request === this.#request || request.redirect === "manual") return false;
    return request.url !== this.#request.url;
  }
}

function begin(scheme: AuthScheme, request: FlowRequest, context: FlowContext, kind: "async" | "sync"): Flow {
  const flow =
    kind === "sync"
      ? (scheme.syncAuthFlow?.(request, context) ?? scheme.authFlow?.(request, context))
      : (scheme.asyncAuthFlow?.(request, context) ??
        scheme.authFlow?.(request, context) ??
        scheme.syncAuthFlow?.(request, context));
  if (flow) return flow;
  throw new WalkError(`"${scheme.name}" has no flow that is ${kind}.`);
}
