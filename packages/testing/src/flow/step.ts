import type { RecordedRequest } from "../recorded-request.ts";

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
