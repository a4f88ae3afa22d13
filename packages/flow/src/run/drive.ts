import type { BodySource } from "../body/body-source.ts";
import { cancel, drain } from "../body/drain.ts";
import { BodyNotReplayableError } from "../errors/body-not-replayable.ts";
import { InvalidRequestError } from "../errors/invalid-request.ts";
import { NoRequestError } from "../errors/no-request.ts";
import { TooManyStepsError } from "../errors/too-many-steps.ts";
import { isRequest, isResponse, isThenable } from "../shape.ts";
import type { AuthScheme, FlowContext, FlowRequest, FlowResponse } from "../types.ts";
import {
  asFlowResponse,
  asPlainResponse,
  readRequestContent,
  readResponseContent,
  wantsRequestContent,
  wantsResponseContent,
} from "./content.ts";
import { flowOf } from "./kind.ts";
import { causedBy, type Relation, relationOf, STEP_LIMIT } from "./step.ts";
import { finish, type FlowStep, type Lifetime } from "./lifetime.ts";

/** What one flow runs on: the request it is given, what it may ask for, and the fetch inside. */
export interface Run {
  readonly scheme: AuthScheme;
  readonly request: FlowRequest;
  readonly body: BodySource | undefined;
  readonly context: FlowContext;
  readonly lifetime: Lifetime;
  readonly contentLimit: number;
  /** Sends what the flow yielded through everything inside. */
  pass(yielded: Request, relation: Relation): Promise<Response>;
  /** A URL as an error may show it. */
  shown(url: string): string;
}

/** Drives one flow from its first request to its response, and ends it in every case. */
export async function drive(run: Run): Promise<Response> {
  const { scheme, request, body, lifetime, contentLimit } = run;
  if (wantsRequestContent(scheme, request)) await readRequestContent(request, body, contentLimit);
  lifetime.check();

  const flow = flowOf(scheme, request, run.context);
  /** Responses that the flow was resumed with, and that are neither drained nor handed on. */
  const open = new Set<FlowResponse>();
  /** The latest response to the call's own request, or the error that came instead. */
  let last: FlowResponse | undefined;
  let lost: Failure | undefined;
  /** The error that the flow is handling right now. */
  let failure: Failure | undefined;
  let ended = false;
  let resume = (): FlowStep => flow.next();
  const bodyGone = (): unknown => {
    if (last) open.delete(last); // it goes to the caller, unread
    return lifetime.end(new BodyNotReplayableError(run.shown(request.url), last && asPlainResponse(last)));
  };

  lifetime.enter(flow);
  try {
    for (let steps = 1; ; steps++) {
      let step;
      try {
        // A flow without I/O gives its step at once: waiting for it would cost every call a turn.
        const result = resume();
        step = isThenable(result) ? await result : result;
      } catch (error) {
        ended = true;
        throw failure ? causedBy(error, failure.error) : error;
      }
      ended = step.done === true;
      lifetime.check();

      if (step.done) {
        const response = isResponse(step.value) ? step.value : last;
        if (!response) throw lost ? lost.error : lifetime.end(new NoRequestError(scheme.name));
        open.delete(response as FlowResponse);
        return asPlainResponse(response);
      }

      const yielded: unknown = step.value;
      if (!isRequest(yielded)) throw lifetime.end(new InvalidRequestError(scheme.name, yielded));
      if (steps > STEP_LIMIT) throw lifetime.end(new TooManyStepsError(scheme.name, STEP_LIMIT));
      const relation = relationOf(yielded, request);
      if (relation !== "side") {
        if (relation === "same" && body?.replayable === false && !yielded.body) throw bodyGone();
        if (open.size > 0) await Promise.all([...open].map(drain));
        open.clear();
        lifetime.check();
      }

      try {
        failure = undefined;
        const response = asFlowResponse(await run.pass(yielded, relation));
        open.add(response);
        if (relation !== "side") last = response;
        if (wantsResponseContent(scheme, response)) await readResponseContent(response, contentLimit);
        if (wantsRequestContent(scheme, request, response)) {
          if (body?.replayable === false) throw bodyGone();
          await readRequestContent(request, body, contentLimit);
        }
        lifetime.check();
        resume = () => flow.next(response);
      } catch (error) {
        lifetime.check();
        failure = { error };
        if (relation !== "side") [last, lost] = [undefined, failure];
        resume = () => flow.throw(error);
      }
    }
  } finally {
    lifetime.leave(flow);
    for (const response of open) cancel(response);
    if (!ended) await finish(flow);
  }
}

interface Failure {
  readonly error: unknown;
}
