import { type AsyncFlow, type AuthScheme, FlowKindError, type FlowContext } from "@authflow/flow";
import type { FlowRequest, FlowResponse, SyncFlow } from "@authflow/flow";

/** The flow of a scheme for the asynchronous runner, which drives either kind. */
export function flowOf(scheme: AuthScheme, request: FlowRequest, context: FlowContext): AsyncFlow | SyncFlow {
  const flow = scheme.asyncAuthFlow?.(request, context) ?? scheme.authFlow?.(request, context);
  if (!flow) throw new FlowKindError(scheme.name, "async");
  return flow;
}

/** The flow of a scheme that has to wait for nothing. */
export function syncFlowOf(scheme: AuthScheme, request: FlowRequest, context: FlowContext): SyncFlow {
  const flow = scheme.syncAuthFlow?.(request, context) ?? scheme.authFlow?.(request, context);
  if (!flow || Symbol.asyncIterator in flow) throw new FlowKindError(scheme.name, "sync");
  return flow;
}

/** Whether a scheme wants the body of the call before its next step. */
export function wantsRequest(scheme: AuthScheme, request: FlowRequest, response: FlowResponse | undefined): boolean {
  const { requiresRequestBody: wants = false } = scheme;
  return typeof wants === "function" ? wants.call(scheme, request, response) : wants;
}

/** Whether a scheme wants the body of a response. */
export function wantsResponse(scheme: AuthScheme, response: FlowResponse): boolean {
  const { requiresResponseBody: wants = false } = scheme;
  return typeof wants === "function" ? wants.call(scheme, response) : wants;
}

/** The names of all that holds credentials of some schemes. */
export function secretNamesOf(schemes: readonly AuthScheme[]): readonly string[] {
  return schemes.flatMap(({ secretNames }) => secretNames ?? []);
}

/** Sends the request as it is. */
export function* pass(request: Request): SyncFlow {
  yield request;
}

/**
 * A scheme that is another one at each URL. It is a plain object, for the runner alone: what `defineScheme` makes looks each
 * member up anew, at every step.
 *
 * @param schemes all that it may be
 * @param schemeAt which it is at a URL; `undefined`: none, and the request goes on as it is
 */
export function schemeByUrl(
  { name, scope, origins }: Pick<AuthScheme, "name" | "scope" | "origins">,
  schemes: readonly AuthScheme[],
  schemeAt: (href: string) => AuthScheme | undefined,
): AuthScheme {
  const readers = schemes.filter(({ requiresResponseBody }) => requiresResponseBody);
  const scheme: AuthScheme = {
    name,
    ...(scope && { scope }),
    origins,
    sendsOnce: schemes.every(({ sendsOnce }) => sendsOnce === true),
    secretNames: secretNamesOf(schemes),
    // The members are left out where no scheme has them: the runner would ask for nothing.
    ...(schemes.some(({ requiresRequestBody }) => requiresRequestBody) && {
      requiresRequestBody(request: FlowRequest, response?: FlowResponse) {
        const found = schemeAt(request.url);
        return found !== undefined && wantsRequest(found, request, response);
      },
    }),
    ...(readers.length > 0 && {
      requiresResponseBody(response: FlowResponse) {
        const found = response.url ? schemeAt(response.url) : undefined;
        // A mocked response doesn't say where it comes from.
        return found
          ? wantsResponse(found, response)
          : !response.url && readers.some((one) => wantsResponse(one, response));
      },
    }),
    syncAuthFlow(request, context) {
      const found = schemeAt(request.url);
      return found ? syncFlowOf(found, request, context) : pass(request);
    },
    asyncAuthFlow(request, context) {
      const found = schemeAt(request.url);
      // The runner drives either kind, and a generator around one without I/O would cost several turns.
      return (found ? flowOf(found, request, context) : pass(request)) as AsyncFlow;
    },
  };
  return scheme;
}
