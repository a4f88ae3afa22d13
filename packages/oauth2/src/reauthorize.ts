import { isAuthError } from "@authflow/flow";
import { OAuth2Error, type OAuth2ErrorOptions } from "#oauth2-error";

/** Whether an error says that only a new login helps. */
export const needsLogin = (error: unknown): error is OAuth2Error =>
  isAuthError(error, "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE");

/** What is said, and that only a new login helps. */
export const reauthorize = (what: string, options?: OAuth2ErrorOptions): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REAUTHORIZE", `${what}. Only a new login helps.`, options);
