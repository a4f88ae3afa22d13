import * as oauth from "oauth4webapi";

/** What oauth4webapi gives to the fetch that it uses. */
export interface ServerRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: URLSearchParams | undefined;
  readonly redirect: "manual";
}

/** The options that each request function of oauth4webapi takes. */
export interface RequestOptions {
  readonly [oauth.customFetch]: (url: string, init: ServerRequest) => Promise<Response>;
  // Deprecated to make it stand out: what may go over plain http is decided here, by the URL.
  // oxlint-disable-next-line typescript/no-deprecated
  readonly [oauth.allowInsecureRequests]: boolean;
}

/** Makes a request with oauth4webapi: one of its `…Request` functions, with what it takes first and last. */
export type MakeRequest = (
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
  options: RequestOptions,
) => Promise<Response>;

/**
 * Checks a response with oauth4webapi: one of its `process…Response` functions.
 *
 * @param sentAt when it was asked for, in milliseconds since 1970
 */
export type ProcessResponse<T> = (
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  response: Response,
  sentAt: number,
) => T | Promise<T>;

/** A token request of a grant that is said with its type and its parameters. */
export function grantRequest(grantType: string, parameters: URLSearchParams): MakeRequest {
  return (server, client, authentication, options) =>
    oauth.genericTokenEndpointRequest(server, client, authentication, grantType, parameters, options);
}
