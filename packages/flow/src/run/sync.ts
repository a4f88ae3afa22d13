import { FlowKindError } from "../errors/flow-kind.ts";
import { InvalidBodyError } from "../errors/invalid-body.ts";
import { InvalidResponseError, noResponse } from "../errors/invalid-response.ts";
import { copyOf } from "../headers.ts";
import { ExchangeLog } from "../history.ts";
import { isResponse, originOf } from "../shape.ts";
import type { AuthScheme, Bytes, FlowContext, FlowResponse } from "../types.ts";
import { Chain } from "./chain.ts";
import { setRequestContent, wantsResponseContent } from "./content.ts";
import { LiveExchange } from "./exchange.ts";
import { stayBehind } from "./guard.ts";
import { headersNow, Hop } from "./hop.ts";
import { syncFlowOf } from "./kind.ts";
import { layerOf } from "./layer.ts";
import { finish } from "./lifetime.ts";
import { secretNamesOf, Secrets } from "./secrets.ts";
import { Failure, Stage } from "./stage.ts";

/** Sends one request and waits. `content` is the body of the call, where the request is the call's. */
export type SyncSend = (request: Request, content: Bytes | undefined) => Response | FlowResponse;

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
  const layer = layerOf(scheme);
  const content = typeof options.content === "string" ? new TextEncoder().encode(options.content) : options.content;
  if (request.body && !content) {
    throw new InvalidBodyError(
      "The body of a Request can't be read synchronously. Leave it out, and pass it as { content }.",
    );
  }
  const hop = new Hop(request.url, request.url, request.method, headersNow(request.headers));
  const own = hop.request;
  const bytes = content && new Uint8Array(content);
  if (scheme.requiresRequestBody) setRequestContent(own, bytes ?? new Uint8Array(0));
  const chain = new Chain(hop.origin, undefined);
  if (!chain.admits(layer, chain.origin)) return send(own, bytes);

  const context: FlowContext = {
    signal: undefined,
    user: options.user,
    send: () => Promise.reject(new FlowKindError(scheme.name, "sync")),
  };
  const log = new ExchangeLog([], undefined);
  const line = { chain, user: undefined, secrets: new Secrets(undefined, secretNamesOf([layer])), log };
  const stage = new Stage(scheme, own, syncFlowOf(scheme, own, context));
  try {
    for (;;) {
      const step = resume(stage);
      if (step.done) {
        const came = stage.end(step.value);
        if (came instanceof Failure) throw came.error;
        return came;
      }
      const yielded = stage.yielded(step.value);
      if (stage.relation !== "side") {
        if (originOf(yielded.url) !== hop.origin) stayBehind(yielded.headers, [], hop);
        line.secrets.learn(yielded.url, hop);
      }
      const exchange = new LiveExchange(line, {
        request: yielded,
        headers: copyOf(yielded.headers),
        hop: stage.relation === "side" ? undefined : hop,
      });
      let response: Response;
      try {
        response = send(yielded, stage.relation === "same" ? bytes : undefined);
        if (!isResponse(response)) throw noResponse(response);
      } catch (error) {
        exchange.failed(error);
        stage.lose(error);
        continue;
      }
      exchange.arrived(response);
      const given = "content" in response;
      const answer = stage.take(response);
      if (!given && wantsResponseContent(scheme, answer)) stage.lose(lacksContent(scheme));
    }
  } catch (error) {
    log.attachError(error);
    throw error;
  } finally {
    if (!stage.ended) void finish(stage.flow);
  }
}

function resume(stage: Stage): IteratorResult<Request, unknown> {
  try {
    // syncFlowOf gives no other kind.
    return stage.resume() as IteratorResult<Request, unknown>;
  } catch (error) {
    throw stage.threw(error);
  }
}

function lacksContent(scheme: AuthScheme): InvalidResponseError {
  return new InvalidResponseError(
    `"${scheme.name}" asks for the response's content, which can't be read synchronously. Let the transport give it: Object.assign(response, { content: bytes }).`,
  );
}
