import type { AuthFunction, AuthScheme } from "@authflow/flow";
import { WalkError } from "../errors/walk.ts";
import type { FlowReply, FlowStep } from "./step.ts";
import { stepFlow } from "./step-flow.ts";

/** The requests of a walk: one for each response given, and perhaps one that is not answered. */
export type WalkRequests<Replies extends readonly FlowReply[]> = number extends Replies["length"]
  ? readonly FlowStep[]
  : readonly [...{ readonly [K in keyof Replies]: FlowStep }, FlowStep?];

/** What a flow did. */
export interface Walk<Replies extends readonly FlowReply[] = readonly FlowReply[]> {
  /** What the flow sent, in order, each as it was when it was sent. */
  readonly requests: WalkRequests<Replies>;
  /** Whether the flow ended; if not, its last request is not answered. */
  readonly finished: boolean;
  /** The Response that the flow itself returned, if it did. */
  readonly returned: Response | undefined;
  /**
   * What the caller gets: what the flow returned, or else the last response to the call's own request.
   * @throws `ERR_AUTHFLOW_WALK` if the flow wants more responses than were given
   * @throws `ERR_AUTHFLOW_NO_REQUEST` if the flow ended with neither
   * @throws the error of the transport that the flow caught, if nothing came after it
   */
  readonly response: Response;
}

/**
 * Steps a flow without a network: runs it, answers each of its requests with the next response, and tells what it sent.
 *
 * A flow that wants more responses is left standing at the request that has none: look at it in `requests`. Requests of
 * `context.send` are answered in the same order.
 *
 * @param scheme a scheme with a flow of any kind, or a function `(request) => request`
 * @param request what the call sends; it stays as it is, its body too
 * @param responses the answers in order: a Response, an Error of the transport, or a function of the request
 * @throws `ERR_AUTHFLOW_WALK` if the flow wants fewer responses than were given, and for what is no Request or Response
 * @throws what the flow throws
 *
 * @example
 * ```ts
 * import { walk } from "@authflow/testing";
 *
 * const scheme = {
 *   name: "token",
 *   *authFlow(request: Request) {
 *     const response: Response = yield request;
 *     if (response.status === 401) {
 *       request.headers.set("authorization", "Token 123");
 *       yield request;
 *     }
 *   },
 * };
 * const { requests, response } = await walk(
 *   scheme,
 *   new Request("https://example.com/"),
 *   new Response(null, { status: 401 }),
 *   new Response("hello"),
 * );
 * console.log(requests.map((sent) => sent?.headers.get("authorization"))); // → [ null, 'Token 123' ]
 * console.log(await response.text()); // → hello
 * ```
 */
export async function walk<const Replies extends readonly FlowReply[]>(
  scheme: AuthScheme | AuthFunction,
  request: Request,
  ...responses: Replies
): Promise<Walk<Replies>> {
  await using flow = await stepFlow(scheme, request);
  let pending = await flow.advance();
  for (const [index, response] of responses.entries()) {
    if (!pending) {
      throw new WalkError(
        `The flow ended after ${index} of ${responses.length} responses, so it sent fewer requests than the test expects. Give it as many responses as it is to send requests.`,
      );
    }
    pending = await flow.advance(response);
  }
  const { finished, returned, requests } = flow;
  return {
    requests: [...requests] as unknown as WalkRequests<Replies>, // each response answered one of them
    finished,
    returned,
    get response() {
      if (!finished) throw unfinishedError(requests, responses.length);
      return flow.response;
    },
  };
}

function unfinishedError(requests: readonly FlowStep[], given: number): WalkError {
  const last = requests.at(-1);
  const waiting = last ? `${last.method} ${last.url}, its request ${requests.length}` : "a request";
  return new WalkError(`The flow wants more responses than the ${given} given: it waits for one to ${waiting}.`);
}
