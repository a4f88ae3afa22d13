export { removeCredentials, setCredentials } from "#files";
export type { Netrc, NetrcCredentials } from "./look-up.ts";
export type { NetrcMachines } from "./machines.ts";
export { NetrcError, type NetrcErrorCode } from "#netrc-error";
export { netrc, type NetrcOptions } from "./netrc.ts";
export type { NetrcEnvironment, NetrcPermissions } from "./options.ts";
export { parseNetrc, type ParseNetrcOptions } from "./parse.ts";
