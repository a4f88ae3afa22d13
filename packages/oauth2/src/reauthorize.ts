import { OAuth2Error, type OAuth2ErrorOptions } from "#oauth2-error";

/** Whether an error says that only a new login helps. */
export const needsLogin = (error: unknown): error is OAuth2Error =>
  error instanceof OAuth2Error && error.code === "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE";

/** What is said, and that only a new login helps. */
export const reauthorize = (what: string, options?: OAuth2ErrorOptions): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_REAUTHORIZE", `${what}. Only a new login helps.`, options);
