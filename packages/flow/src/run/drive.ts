import { cancel, drain } from "../body/drain.ts";
import { BodyNotReplayableError } from "../errors/body-not-replayable.ts";
import { isThenable } from "../shape.ts";
import type { Call } from "./call.ts";
import { readRequestContent, readResponseContent, wantsRequestContent, wantsResponseContent } from "./content.ts";
import { finish, type Lifetime } from "./lifetime.ts";
import type { Place } from "./place.ts";
import type { Failure } from "./stage.ts";
import type { Message } from "./wire.ts";

/**
 * Drives a message through the flows of a call: inward, from one flow to the next, until the innermost has yielded what
 * goes out; and outward again, each flow resumed with the response or the error that came of its request. A flow that
 * goes on sends its message in once more. Every flow is ended, whatever happens.
 *
 * One loop with a stack: one driver inside the other would cost several turns of the event loop for each scheme.
 */
export async function drive(call: Call, first: Message, depth: number, lifetime: Lifetime): Promise<Response> {
  const stack: Place[] = [];
  let message: Message | undefined = first;
  let came: Response | Failure | undefined;
  try {
    for (;;) {
      if (message) {
        const inner = call.enter(message, depth, lifetime);
        if (inner) {
          stack.push(inner);
          came = undefined;
          if (wantsRequestContent(inner.scheme, inner.request)) {
            await readRequestContent(inner.request, inner.body, call.plan.contentLimit);
            lifetime.check();
          }
        } else {
          try {
            came = await call.depart(message, lifetime);
          } catch (error) {
            lifetime.check();
            came = { error };
          }
        }
      }

      const place = stack.at(-1);
      if (!place) return outcome(came);
      if (came && "error" in came) place.lose(came.error);
      else if (came) await take(call, place, came, lifetime);

      let step;
      try {
        step = place.resume();
        // A flow without I/O gives its step at once: waiting for it would cost every call a turn.
        if (isThenable(step)) step = await step;
      } catch (error) {
        lifetime.check();
        came = { error: place.threw(error) };
        message = undefined;
        leave(stack, place, lifetime);
        continue;
      }
      lifetime.check();
      if (step.done) {
        came = place.end(step.value);
        message = undefined;
        leave(stack, place, lifetime);
        continue;
      }

      const yielded = place.yielded(step.value);
      if (place.relation === "same" && place.body?.replayable === false && !yielded.body) throw bodyGone(call, place);
      if (place.relation !== "side" && place.open.length > 0) {
        await Promise.all(place.open.splice(0).map(drain));
        lifetime.check();
      }
      const inward = call.inward(place, yielded, lifetime);
      message = isThenable(inward) ? await inward : inward;
      depth = place.depth + 1;
    }
  } catch (error) {
    throw lifetime.end(error);
  } finally {
    for (let place = stack.at(-1); place; place = stack.at(-1)) {
      const { ended, flow } = place;
      leave(stack, place, lifetime);
      if (!ended) await finish(flow);
    }
  }
}

/** What the outermost flow, or the wire where there is none, gave. */
function outcome(came: Response | Failure | undefined): Response {
  if (came && "error" in came) throw came.error;
  return came as Response; // something came: nothing leaves the loop before
}

/** Gives a flow the response to what it yielded, with the contents that it asks for. */
async function take(call: Call, place: Place, response: Response, lifetime: Lifetime): Promise<void> {
  const { scheme, request, body } = place;
  try {
    const answer = place.take(response);
    if (wantsResponseContent(scheme, answer)) await readResponseContent(answer, call.plan.contentLimit);
    if (wantsRequestContent(scheme, request, answer)) {
      if (body?.replayable === false) throw lifetime.end(bodyGone(call, place));
      await readRequestContent(request, body, call.plan.contentLimit);
    }
    lifetime.check();
  } catch (error) {
    lifetime.check();
    place.lose(error);
  }
}

function bodyGone(call: Call, place: Place): BodyNotReplayableError {
  return new BodyNotReplayableError(call.secrets.redactUrl(place.request.url), place.giveUp());
}

/** Takes the innermost flow off the stack, with what it has left behind. */
function leave(stack: Place[], place: Place, lifetime: Lifetime): void {
  stack.pop();
  lifetime.leave(place.flow);
  for (const response of place.open) cancel(response);
  place.restore();
}
