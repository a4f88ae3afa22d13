export { NetrcError, type NetrcErrorCode } from "#netrc-error";
export type { Netrc, NetrcCredentials } from "./look-up.ts";
export { parseNetrc, type ParseNetrcOptions } from "./parse.ts";
