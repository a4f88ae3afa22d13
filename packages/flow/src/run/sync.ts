import { FlowKindError } from "../errors/flow-kind.ts";
import { InvalidBodyError } from "../errors/invalid-body.ts";
import { InvalidRequestError } from "../errors/invalid-request.ts";
import { InvalidResponseError, noResponse } from "../errors/invalid-response.ts";
import { NoRequestError } from "../errors/no-request.ts";
import { TooManyStepsError } from "../errors/too-many-steps.ts";
import { ExchangeLog } from "../history.ts";
import { originSet } from "../origin.ts";
import { isRequest, isResponse, originOf } from "../shape.ts";
import type { AuthScheme, FlowContext, FlowResponse, SyncFlow } from "../types.ts";
import { assertScheme } from "./assert-scheme.ts";
import { asFlowResponse, asPlainResponse, ContentRequest, setRequestContent, wantsResponseContent } from "./content.ts";
import { syncFlowOf } from "./kind.ts";
import { finish } from "./lifetime.ts";
import { Secrets } from "./secrets.ts";
import { causedBy, relationOf, STEP_LIMIT } from "./step.ts";

/** Sends one request and waits. `content` is the body of the call, where the request is the call's. */
export type SyncSend = (request: Request, content: Uint8Array<ArrayBuffer> | undefined) => Response | FlowResponse;

export interface SyncOptions {
  /** The body of the call, in bytes or as text (UTF-8): a Request's own can't be read without waiting. */
  readonly content?: Uint8Array | string | undefined;
  /** The user name that schemes look credentials up by. */
  readonly user?: string | undefined;
}

/**
 * Drives a flow that has no I/O of its own over a transport that blocks, such as a synchronous XMLHttpRequest or a
 * child process. It steps one request: redirects are the transport's affair, and it should follow none elsewhere.
 *
 * @param scheme a scheme with a `syncAuthFlow`, or an `authFlow` that is a `function*`
 * @param request what to send; it stays as it is
 * @param send the transport
 * @returns the last response to the request, or the Response that the flow returned
 * @throws `ERR_AUTHFLOW_FLOW_KIND` for a scheme that has to wait
 * @throws `ERR_AUTHFLOW_INVALID_BODY` for a Request with a body, which belongs into `content`
 *
 * @example
 * import { runFlowSync } from "@authflow/flow";
 *
 * const scheme = {
 *   name: "token",
 *   *authFlow(request: Request) {
 *     request.headers.set("authorization", "Token 123");
 *     yield request;
 *   },
 * };
 * const response = runFlowSync(scheme, new Request("https://example.com/"), (request) =>
 *   new Response(request.headers.get("authorization")),
 * );
 * console.log(response.status); // → 200
 */
export function runFlowSync(scheme: AuthScheme, request: Request, send: SyncSend, options: SyncOptions = {}): Response {
  assertScheme(scheme);
  const content = typeof options.content === "string" ? new TextEncoder().encode(options.content) : options.content;
  if (request.body && !content) {
    throw new InvalidBodyError(
      "The body of a Request can't be read synchronously. Leave it out, and pass it as { content }.",
    );
  }
  const { url, method, headers } = request;
  const own = new ContentRequest(url, { method, headers, redirect: "manual" });
  const bytes = content && new Uint8Array(content);
  if (scheme.requiresRequestBody) setRequestContent(own, bytes ?? new Uint8Array(0));
  if (scheme.origins && !originSet(scheme.origins).has(originOf(url))) return send(own, bytes);

  const context: FlowContext = {
    signal: undefined,
    user: options.user,
    send: () => Promise.reject(new FlowKindError(scheme.name, "sync")),
  };
  const log = new ExchangeLog([]);
  const secrets = new Secrets();
  const given = { url, headers };
  const flow = syncFlowOf(scheme, own, context);
  let last: FlowResponse | undefined;
  let failure: { readonly error: unknown } | undefined;
  let resume = (): ReturnType<SyncFlow["next"]> => flow.next();
  try {
    for (let steps = 1; ; steps++) {
      let step;
      try {
        step = resume();
      } catch (error) {
        throw failure ? causedBy(error, failure.error) : error;
      }
      if (step.done) {
        const response = isResponse(step.value) ? step.value : last;
        if (!response) throw failure ? failure.error : new NoRequestError(scheme.name);
        return asPlainResponse(response);
      }
      const yielded: unknown = step.value;
      if (!isRequest(yielded)) throw new InvalidRequestError(scheme.name, yielded);
      if (steps > STEP_LIMIT) throw new TooManyStepsError(scheme.name, STEP_LIMIT);

      const relation = relationOf(yielded, own);
      const side = relation === "side";
      if (!side) secrets.learn(yielded.url, yielded.headers, given);
      const { isHeader, shown: shownUrl } = secrets;
      const sent = new Headers(yielded.headers);
      const began = performance.now();
      const record = (response: Response | undefined, error?: unknown): void => {
        const duration = performance.now() - began;
        log.record({
          method: yielded.method,
          url: yielded.url,
          sent,
          response,
          error,
          duration,
          side,
          isHeader,
          shownUrl,
        });
      };
      failure = undefined;
      try {
        const response = send(yielded, relation === "same" ? bytes : undefined);
        if (!isResponse(response)) throw noResponse(response);
        record(response);
        log.attach(response);
        const seen = "content" in response ? (response as FlowResponse) : asFlowResponse(response);
        if (!("content" in response) && wantsResponseContent(scheme, seen)) throw lacksContent(scheme);
        if (!side) last = seen;
        resume = () => flow.next(seen);
      } catch (error) {
        record(undefined, error);
        log.attach(error);
        failure = { error };
        if (!side) last = undefined;
        resume = () => flow.throw(error);
      }
    }
  } finally {
    void finish(flow);
  }
}

function lacksContent(scheme: AuthScheme): InvalidResponseError {
  return new InvalidResponseError(
    `"${scheme.name}" asks for the response's content, which can't be read synchronously. Let the transport give it: Object.assign(response, { content: bytes }).`,
  );
}
