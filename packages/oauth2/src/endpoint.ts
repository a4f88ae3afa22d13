// The endpoints of an authorization server, as one client calls them.
import * as oauth from "oauth4webapi";
import { ask } from "./ask.ts";
import { attempts } from "./attempts.ts";
import { clientOf, type ClientSettings } from "./client.ts";
import { discover } from "./discovery.ts";
import type { GrantContext } from "./grant.ts";
import type { MakeRequest, ProcessResponse } from "./server-request.ts";
import { type TokenSet, tokensOf } from "./token-set.ts";

/** An authorization server, as one client calls it. Each call has its retries and its time limit. */
export interface Endpoint {
  /** What tells this client at this server from others, for {@link Grant.identity}. */
  readonly identity: readonly unknown[];
  /** The server's metadata, looked up once. */
  server(context: GrantContext): Promise<oauth.AuthorizationServer>;
  /**
   * Calls an endpoint.
   *
   * @param request makes the request; it is called again for each attempt
   * @param check checks the answer, which is status 200 with a JSON object without an `error`
   * @throws OAuth2Error, and what `context.signal` was aborted with
   */
  call<T>(context: GrantContext, request: MakeRequest, check: ProcessResponse<T>, how?: Call): Promise<T>;
  /**
   * Calls the token endpoint.
   *
   * @param request makes the request, see {@link grantRequest}
   * @throws OAuth2Error, and what `context.signal` was aborted with
   */
  tokens(context: GrantContext, request: MakeRequest, how?: TokenCall): Promise<TokenSet>;
}

/** How an endpoint is called. */
export interface Call {
  /** Whether the request spends what is good once: a refresh token, a code. Default: `false`. */
  readonly spends?: boolean | undefined;
  /** Whether an answer without a JSON object is one, too: `{}` then stands for it. Default: `false`. */
  readonly mayBeEmpty?: boolean;
}

/** How the token endpoint is called. */
export interface TokenCall extends Pick<Call, "spends"> {
  /** The tokens that the new ones replace. */
  readonly previous?: TokenSet;
  /** Checks the answer. Default: oauth4webapi's `processGenericTokenEndpointResponse`. */
  readonly check?: ProcessResponse<oauth.TokenEndpointResponse>;
}

/**
 * Makes the endpoint of a client.
 *
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function createEndpoint(options: ClientSettings): Endpoint {
  const client = clientOf(options);
  const { clientId, clientAuth, secret, issuer, endpoints, now } = client;
  const token = endpoints["token_endpoint"];
  // Without an issuer an assertion is for the token endpoint (RFC 7523 §3). One of them was given.
  const audience = issuer ?? String(token);

  let known: Promise<oauth.AuthorizationServer> | undefined;
  const server: Endpoint["server"] = async (context) => {
    if (token) return { issuer: audience, ...endpoints };
    // What failed is asked for again by the next one.
    known ??= attempts(
      (signal) => discover(new URL(audience), (...parts) => ask(client, context.send, signal, ...parts)),
      context,
      client,
    ).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return { ...(await known), ...endpoints };
  };
  const call: Endpoint["call"] = async (context, make, check, { spends, mayBeEmpty } = {}) => {
    const as = await server(context);
    const me = { client_id: clientId };
    return attempts(
      (signal) =>
        ask(
          client,
          context.send,
          signal,
          (requestOptions) => make(as, me, clientAuth, requestOptions),
          (response) => check(as, me, response),
          mayBeEmpty,
        ),
      context,
      client,
      spends,
    );
  };

  return {
    identity: [issuer, token, clientId, secret],
    server,
    call,
    tokens(context, make, { previous, check = oauth.processGenericTokenEndpointResponse, spends } = {}) {
      let sentAt = 0;
      return call(
        context,
        (...parts) => {
          sentAt = now();
          return make(...parts);
        },
        async (...parts) => tokensOf(await check(...parts), sentAt, previous),
        { spends },
      );
    },
  };
}
