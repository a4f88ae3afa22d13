// The two failures that the life cycle tells from all others: one that passes, and one that nothing but a new login ends.
import { isAuthError } from "@authflow/flow";
import { OAuth2Error, type OAuth2ErrorOptions } from "#oauth2-error";

/** The error after which another attempt may do better. */
export const unavailable = (what: string, options?: OAuth2ErrorOptions): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_UNAVAILABLE", `${what}. Try again later, or raise \`timeLimit\`.`, options);

export const isUnavailable = (error: unknown): error is OAuth2Error =>
  isAuthError(error, "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE");

/** The error after which only a new login helps. */
export const reauthorize = (what: string, options?: OAuth2ErrorOptions): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REAUTHORIZE", `${what}. Only a new login helps.`, options);

export const needsLogin = (error: unknown): error is OAuth2Error =>
  isAuthError(error, "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE");
