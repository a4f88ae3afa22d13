// Every error of this package, in one place for its face.
export { AuthError, type AuthErrorOptions, isAuthError } from "./errors/auth-error.ts";
export { AuthVerificationError } from "./errors/auth-verification.ts";
export { BodyNotReplayableError } from "./errors/body-not-replayable.ts";
export { ContentNotReadError } from "./errors/content-not-read.ts";
export { ContentTooLargeError } from "./errors/content-too-large.ts";
export { FlowKindError } from "./errors/flow-kind.ts";
export { InsecureTransportError } from "./errors/insecure-transport.ts";
export { InvalidBodyError } from "./errors/invalid-body.ts";
export { InvalidCredentialsError } from "./errors/invalid-credentials.ts";
export { InvalidOptionError } from "./errors/invalid-option.ts";
export { InvalidRequestError } from "./errors/invalid-request.ts";
export { InvalidResponseError } from "./errors/invalid-response.ts";
export { InvalidSchemeError } from "./errors/invalid-scheme.ts";
export { NoRequestError } from "./errors/no-request.ts";
export { RedirectHiddenError } from "./errors/redirect-hidden.ts";
export { RedirectTargetError } from "./errors/redirect-target.ts";
export { TooManyRedirectsError } from "./errors/too-many-redirects.ts";
export { TooManyStepsError } from "./errors/too-many-steps.ts";
