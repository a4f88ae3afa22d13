import type { AuthScheme, RunOptions } from "@authflow/flow";
import type { AuthLike } from "./auth-like.ts";
import type { Route } from "./route.ts";

type Body = NonNullable<RequestInit["body"]>;

/** What `fetch` takes as init, and two things more. */
export interface AuthInit extends Omit<RequestInit, "body"> {
  /** Who this request is from. Not given: the `auth` of the fetch. `null`: nobody, whatever else says so. */
  readonly auth?: AuthLike | undefined;
  /** A body, or a function that makes it: then it can be sent a second time however large it is. */
  readonly body?: Body | (() => Body | Promise<Body>) | null | undefined;
}

/** A fetch that authenticates. It can stand wherever the platform's own can. */
export interface AuthFetch {
  (input: string | URL | Request, init?: AuthInit): Promise<Response>;
  /** The scheme of requests that name none; `null` without one. */
  get auth(): AuthScheme | null;
  /**
   * Takes effect with the next request; those under way keep theirs.
   * @throws `ERR_AUTHFLOW_INVALID_SCHEME` for what is no `auth`
   */
  set auth(auth: AuthLike);
}

/** What `createAuthFetch` takes; the limits and `onExchange` are those of every runner. */
export interface AuthFetchOptions extends RunOptions {
  /** Who requests are from that don't say so themselves. Default: nobody. */
  readonly auth?: AuthLike | undefined;
  /**
   * Where that `auth` may act, such as `["https://api.example.com"]`. Default: everywhere. A request's own `auth`, and
   * credentials in its URL, are meant for that URL, wherever it is.
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * Who requests are from, and what they go through, by where they go; the first that matches wins. It comes before
   * `auth`, which is for the rest. Default: none.
   */
  readonly routes?: readonly Route[] | undefined;
  /** What sends the requests. Default: the global `fetch`, looked up at each call. */
  // `any` is what lets every fetch in, each with its own Request, init and Response.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly fetch?: ((input: any, init?: any) => Promise<any>) | undefined;
  /** For the type checker alone: schemes and functions have a name, and are no options. */
  readonly name?: "Give a scheme as { auth: scheme }, and a fetch as { fetch }.";
}
