import { FlowKindError } from "../errors/flow-kind.ts";
import { InvalidSchemeError } from "../errors/invalid-scheme.ts";
import type { AsyncFlow, AuthScheme, FlowContext, FlowRequest, SyncFlow } from "../types.ts";

/** The flow of a scheme for the asynchronous runner, not yet started. */
export function flowOf(scheme: AuthScheme, request: FlowRequest, context: FlowContext): SyncFlow | AsyncFlow {
  const flow = scheme.asyncAuthFlow?.(request, context) ?? scheme.authFlow?.(request, context);
  if (flow === undefined) throw new FlowKindError(scheme.name, "async");
  return isFlow(flow) ? flow : refuse(scheme);
}

/** The flow of a scheme for the synchronous runner, not yet started. */
export function syncFlowOf(scheme: AuthScheme, request: FlowRequest, context: FlowContext): SyncFlow {
  const flow = scheme.syncAuthFlow?.(request, context) ?? scheme.authFlow?.(request, context);
  if (flow === undefined || Symbol.asyncIterator in flow) throw new FlowKindError(scheme.name, "sync");
  return isFlow(flow) ? flow : refuse(scheme);
}

function isFlow(flow: object): boolean {
  const { next, return: end } = flow as Partial<SyncFlow>;
  return typeof next === "function" && typeof end === "function";
}

function refuse(scheme: AuthScheme): never {
  throw new InvalidSchemeError(
    `The authFlow of "${scheme.name}" gives no generator: write it as \`*authFlow(request)\`.`,
  );
}
