import type { FetchMiddleware } from "@authflow/flow";
import type { AuthLike } from "./auth-like.ts";

/** A `URLPattern`, as far as it is used: the platform's own, or that of a polyfill. */
export interface RouteUrlPattern {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  test(url: string): boolean;
}

/**
 * Which URLs a route is for: an origin or a URL prefix, which ends at the border of a path segment; a `URLPattern`; or a
 * function that is given the URL, and may be asked more than once for a request.
 */
export type RouteMatch = string | RouteUrlPattern | ((url: URL) => boolean);

interface Matched {
  /** The route is for what any of these matches. */
  readonly match: RouteMatch | readonly RouteMatch[];
}

/** Who requests to some place are from. */
export interface AuthRoute extends Matched {
  /** As for a request. `null`: nobody, whatever else says so. */
  readonly auth: AuthLike;
  /** A middleware that requests to this place go through, too. */
  readonly use?: FetchMiddleware | undefined;
}

/** What requests to some place go through. */
export interface MiddlewareRoute extends Matched {
  /** Any `(next) => fetch`: a retry, a header, a log. What is a scheme counts as `auth`. */
  readonly use: FetchMiddleware;
  /** Not given: the `auth` of the client. */
  readonly auth?: AuthLike | undefined;
}

export type Route = AuthRoute | MiddlewareRoute;
