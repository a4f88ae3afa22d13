export { parseAuthenticationInfo, parseChallenges } from "./parse.ts";
export { strongest } from "./strongest.ts";
export { formatAuthenticationInfo, formatChallenge, formatChallenge as formatCredentials } from "./format.ts";
export type { AuthParams, Challenge, Credentials, FieldSource, ChallengeInit } from "./types.ts";
