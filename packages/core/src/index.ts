export { anyOf } from "./any-of.ts";
export { compose } from "./compose.ts";
export { createAuthFetch } from "./create-auth-fetch.ts";
export { install, type Installation, type InstallOptions } from "./install.ts";
export type { AuthRoute, MiddlewareRoute, Route, RouteMatch, RouteUrlPattern } from "./route.ts";
export { routes } from "./routes.ts";
export type { AuthLike } from "./auth-like.ts";
export type { AuthFetch, AuthFetchOptions, AuthInit } from "./types.ts";
