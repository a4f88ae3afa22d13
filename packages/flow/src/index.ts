export { credentialOctets, fieldOfOctets, octetsOfField } from "./octets.ts";
export { AuthError, type AuthErrorOptions, AuthVerificationError, BodyNotReplayableError } from "./errors.ts";
export { ContentNotReadError, ContentTooLargeError, FlowKindError, InsecureTransportError } from "./errors.ts";
export { InvalidBodyError, InvalidCredentialsError, InvalidOptionError, InvalidRequestError } from "./errors.ts";
export {
  InvalidResponseError,
  InvalidSchemeError,
  isAuthError,
  NoRequestError,
  RedirectHiddenError,
} from "./errors.ts";
export { RedirectTargetError, TooManyRedirectsError, TooManyStepsError } from "./errors.ts";
export { exchangesOf, historyOf } from "./history.ts";
export { isInsecure, originSet, perOrigin, refuseInsecure, userinfoOf } from "./origin.ts";
export { runFlowSync, type SyncOptions, type SyncSend } from "./run/sync.ts";
export { runFlow } from "./run/wrap.ts";
export { type AsyncScheme, defineScheme, type SyncScheme } from "./scheme.ts";
export type { AsyncFlow, AuthFunction, AuthScheme, Bytes, Exchange, Fetch, FetchMiddleware } from "./types.ts";
export type { FlowContext, FlowRequest, FlowResponse, Middleware, RunOptions, Scheme } from "./types.ts";
export type { SchemeBase, SyncFlow } from "./types.ts";
export { type SingleFlight, singleFlight, waitFor, type WaitLimits } from "./waiting.ts";
