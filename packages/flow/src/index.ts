export { AuthError, type AuthErrorOptions, BodyNotReplayableError, ContentNotReadError } from "./errors.ts";
export {
  ContentTooLargeError,
  FlowKindError,
  InsecureTransportError,
  InvalidBodyError,
  isAuthError,
} from "./errors.ts";
export { InvalidCredentialsError, InvalidOptionError, InvalidRequestError, InvalidResponseError } from "./errors.ts";
export { InvalidSchemeError, NoRequestError, RedirectHiddenError, RedirectTargetError } from "./errors.ts";
export { TooManyRedirectsError, TooManyStepsError } from "./errors.ts";
export { exchangesOf, historyOf } from "./history.ts";
export { isInsecure, originSet, userinfoOf } from "./origin.ts";
export { runFlowSync, type SyncOptions, type SyncSend } from "./run/sync.ts";
export { runFlow } from "./run/wrap.ts";
export { type AsyncScheme, defineScheme, type SyncScheme } from "./scheme.ts";
export { type SingleFlight, singleFlight } from "./single-flight.ts";
export type { AsyncFlow, AuthFunction, AuthScheme, Exchange, Fetch, FetchMiddleware } from "./types.ts";
export type { FlowContext, FlowRequest, FlowResponse, Middleware, RunOptions, Scheme, SchemeBase } from "./types.ts";
export type { SyncFlow } from "./types.ts";
