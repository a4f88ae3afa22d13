import { cancel as letGo, drain } from "../body/drain.ts";
import { BodyNotReplayableError } from "../errors/body-not-replayable.ts";
import { noResponse } from "../errors/invalid-response.ts";
import { isResponse, isThenable } from "../shape.ts";
import type { FlowResponse } from "../types.ts";
import { readRequestContent, readResponseContent, wantsRequestContent, wantsResponseContent } from "./content.ts";
import { type Line, LiveExchange, type OpenExchange } from "./exchange.ts";
import { finish, type Lifetime } from "./lifetime.ts";
import type { Mark } from "./mark.ts";
import type { Message } from "./message.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Place } from "./place.ts";
import { Failure } from "./stage.ts";

/** What the driver needs of a call: its flows, one inside the other, and the fetch inside them all. */
export interface Inside extends Line {
  readonly contentLimit: number;
  /** The next flow that may act on a message; `undefined` where the message goes out. */
  enter(message: Message, outer: Place | undefined, depth: number, lifetime: Lifetime): Place | undefined;
  /** Makes what a flow yielded a message for the flows inside. */
  inward(place: Place, yielded: Request, lifetime: Lifetime): Message | Promise<Message>;
  /** What goes out with a message for which no flow is left; its body is opened later. */
  outgoing(message: Message): Outgoing;
  /** Calls the fetch inside. */
  fetch(outgoing: Outgoing, signal: AbortSignal | undefined, mark: Mark): Promise<Response>;
}

/** What follows a response that all flows are done with. */
export interface Onward {
  /** What is to be sent then; `undefined` where the call ends. */
  after(response: Response): Message | Promise<Message> | undefined;
}

/**
 * Drives a message through the flows of a call: inward, from one flow to the next, until the innermost has yielded what
 * goes out; and outward again, each flow resumed with the response or the error that came of its request. A flow that
 * goes on sends its message in once more. Every flow is ended, whatever happens.
 *
 * @param depth the first layer that may act
 * @param hops the redirects to follow, if it is the call's own message
 *
 * One loop with a stack: one driver inside the other would cost several turns of the event loop for each scheme.
 */
export async function drive(
  call: Inside,
  first: Message,
  depth: number,
  lifetime: Lifetime,
  hops?: Onward,
): Promise<Response> {
  let at = depth;
  const stack: Place[] = (lifetime.stack = []);
  let message: Message | undefined = first;
  let came: Response | Failure | undefined;
  try {
    lifetime.check();
    for (;;) {
      if (message) {
        const inner = call.enter(message, stack.at(-1), at, lifetime);
        if (inner) {
          stack.push(inner);
          came = undefined;
          if (wantsRequestContent(inner.scheme, inner.request)) {
            await readRequestContent(inner.request, inner.body, call.contentLimit);
            lifetime.check();
          }
        } else {
          const outgoing = call.outgoing(message);
          let exchange: OpenExchange | undefined;
          try {
            const opened = message.body?.open();
            outgoing.body = (isThenable(opened) ? await opened : opened) ?? undefined; // a factory may make none
            lifetime.check();
            // A factory's type is known only now.
            if (message.body?.type !== undefined && !outgoing.headers.has("content-type"))
              outgoing.headers.set("content-type", message.body.type);
            exchange = new LiveExchange(call, outgoing);
            came = await call.fetch(outgoing, lifetime.signal, exchange);
            if (!isResponse(came)) throw noResponse(came);
            exchange.arrived(came);
            if (lifetime.over) letGo(came);
          } catch (error) {
            exchange?.failed(error);
            came = new Failure(error);
          }
          lifetime.check();
        }
      }

      const place = stack.at(-1);
      if (!place) {
        const response = outcome(came);
        const onward = hops?.after(response);
        message = isThenable(onward) ? await onward : onward;
        lifetime.check();
        at = 0;
        if (message) continue;
        lifetime.settle();
        return response;
      }
      if (came instanceof Failure) {
        place.lose(came.error);
      } else if (came) {
        const answer = place.take(came);
        if (place.scheme.requiresResponseBody || place.scheme.requiresRequestBody) {
          await readContents(call, place, answer, lifetime);
        }
      }

      let step;
      try {
        step = place.resume();
        // A flow without I/O gives its step at once: waiting for it would cost every call a turn.
        if (isThenable(step)) step = await step;
      } catch (error) {
        lifetime.check();
        came = new Failure(place.threw(error));
        message = undefined;
        leave(stack, place);
        continue;
      }
      lifetime.check();
      if (step.done) {
        came = place.end(step.value);
        message = undefined;
        leave(stack, place);
        continue;
      }

      const yielded = place.yielded(step.value);
      if (place.relation === "same" && place.body?.replayable === false && !yielded.body) throw bodyGone(call, place);
      if (place.relation !== "side") {
        const open = place.open();
        if (open.length > 0) {
          await Promise.all(open.map(drain));
          lifetime.check();
        }
      }
      const inward = call.inward(place, yielded, lifetime);
      message = isThenable(inward) ? await inward : inward;
      at = place.depth + 1;
    }
  } catch (error) {
    const reason = lifetime.end(error);
    for (let place = stack.at(-1); place; place = stack.at(-1)) {
      const { ended, flow } = place;
      leave(stack, place);
      if (!ended) await finish(flow);
    }
    throw reason;
  }
}

/** What the outermost flow, or the wire where there is none, gave. */
function outcome(came: Response | Failure | undefined): Response {
  if (came instanceof Failure) throw came.error;
  return came as Response; // something came: nothing leaves the loop before
}

/** Reads what a flow asks for before it is resumed with a response. */
async function readContents(call: Inside, place: Place, answer: FlowResponse, lifetime: Lifetime): Promise<void> {
  const { scheme, request, body } = place;
  try {
    if (wantsResponseContent(scheme, answer))
      await readResponseContent(answer, call.contentLimit, (cancel) => lifetime.onEnd(cancel));
    if (wantsRequestContent(scheme, request, answer)) {
      if (body?.replayable === false) throw lifetime.end(bodyGone(call, place));
      await readRequestContent(request, body, call.contentLimit);
    }
  } catch (error) {
    place.lose(error);
  }
  lifetime.check();
}

function bodyGone(call: Inside, place: Place): BodyNotReplayableError {
  return new BodyNotReplayableError(call.secrets.redactUrl(place.request.url), place.giveUp());
}

/** Takes the innermost flow off the stack, with what it has left behind. */
function leave(stack: Place[], place: Place): void {
  stack.pop();
  for (const response of place.open()) letGo(response);
  place.restore();
}
