// The endpoints of an authorization server, as one client calls them.
import * as oauth from "oauth4webapi";
import { ask } from "./ask.ts";
import { attempts } from "./attempts.ts";
import { type Client, clientOf, type ClientSettings } from "./client.ts";
import { discover } from "./discovery.ts";
import type { GrantContext } from "./grant.ts";
import type { OAuth2Error } from "#oauth2-error";
import type { MakeRequest, ProcessResponse } from "./server-request.ts";
import { sharedWork } from "./shared-work.ts";
import { type TokenSet, tokensOf } from "./token-set.ts";

/** An authorization server, as one client calls it. Each call has its retries and its time limit. */
export interface Endpoint {
  readonly client: Client;
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
  /** For a request that spends what is good once: whether after this error it surely didn't, so that it may be sent again. */
  readonly isUnspent?: ((error: OAuth2Error) => boolean) | undefined;
  /** Whether an answer without a JSON object is one, too: `{}` then stands for it. Default: `false`. */
  readonly mayBeEmpty?: boolean;
}

/** How the token endpoint is called. */
export interface TokenCall extends Pick<Call, "isUnspent"> {
  /** The tokens that the new ones replace. */
  readonly previous?: TokenSet;
  /** Checks the answer. Default: oauth4webapi's `processGenericTokenEndpointResponse`. */
  readonly check?: (
    ...parts: Parameters<typeof oauth.processGenericTokenEndpointResponse>
  ) => Promise<oauth.TokenEndpointResponse>;
}

/**
 * Makes the endpoint of a client.
 *
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 */
export function createEndpoint(options: ClientSettings): Endpoint {
  const client = clientOf(options);
  const { clientAuth, issuer, endpoints, now, timeLimit } = client;
  const token = endpoints["token_endpoint"];
  // Without an issuer an assertion is for the token endpoint (RFC 7523 §3). One of them was given.
  const audience = issuer ?? String(token);
  const me = { client_id: client.clientId };

  let found: oauth.AuthorizationServer | undefined = token ? { issuer: audience } : undefined;
  const lookUp = sharedWork(
    (context) =>
      attempts(
        (signal) => discover(new URL(audience), (...parts) => ask(client, context.send, signal, ...parts)),
        context,
        client,
      ),
    { timeLimit, backOff: 0 },
  );
  const server: Endpoint["server"] = async ({ send, signal }) => {
    found ??= await lookUp.join(send, signal);
    return { ...found, ...endpoints };
  };
  const call: Endpoint["call"] = async (context, make, check, { isUnspent, mayBeEmpty } = {}) => {
    const as = await server(context);
    return attempts(
      (signal) => {
        const sentAt = now();
        return ask(
          client,
          context.send,
          signal,
          (requestOptions) => make(as, me, clientAuth, requestOptions),
          (response) => check(as, me, response, sentAt),
          mayBeEmpty,
        );
      },
      context,
      client,
      isUnspent,
    );
  };

  return {
    client,
    server,
    call,
    tokens: (context, make, { previous, check = oauth.processGenericTokenEndpointResponse, isUnspent } = {}) =>
      call(
        context,
        make,
        async (as, who, response, sentAt) => tokensOf(await check(as, who, response), sentAt, previous),
        { isUnspent },
      ),
  };
}
