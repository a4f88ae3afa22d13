export { compose } from "./compose.ts";
export { createAuthFetch } from "./create-auth-fetch.ts";
export type { AuthFetch, AuthFetchOptions, AuthInit, AuthLike } from "./types.ts";
