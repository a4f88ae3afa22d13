// The two halves of a login by authorization code: the way there and the way back.
import { authorizationCodeGrantRequest, processAuthorizationCodeResponse } from "oauth4webapi";
import type { Endpoint } from "../endpoint.ts";
import type { GrantContext } from "../grant.ts";
import { grantParameters } from "../grant-parameters.ts";
import { isUnspent } from "../spending.ts";
import type { TokenSet } from "../token-set.ts";
import {
  authorizationRequest,
  type AuthorizationRequestOptions,
  expectsIdToken,
  type PendingAuthorization,
} from "./authorization-request.ts";
import { authorizationResponse } from "./authorization-response.ts";

/**
 * RFC 6749 §4.1.1
 *
 * @returns makes the URL for a redirect URI, see {@link authorizationRequest}
 */
export async function beginLogin(
  endpoint: Endpoint,
  context: GrantContext,
  options: AuthorizationRequestOptions,
): Promise<(redirectUri: string | URL) => PendingAuthorization> {
  return authorizationRequest(await endpoint.server(context), options);
}

/**
 * RFC 6749 §4.1.3
 *
 * @param back the URL that the browser was sent to, with its query
 */
export async function finishLogin(
  endpoint: Endpoint,
  context: GrantContext,
  options: AuthorizationRequestOptions,
  pending: PendingAuthorization,
  back: string | URL,
): Promise<TokenSet> {
  const answer = authorizationResponse(await endpoint.server(context), options, pending, back);
  const { redirectUri, codeVerifier, nonce } = pending;
  const { resource, parameters } = options;
  return endpoint.tokens(
    context,
    (server, client, authentication, requestOptions) =>
      authorizationCodeGrantRequest(server, client, authentication, answer, redirectUri, codeVerifier, {
        ...requestOptions,
        // Without the scope, which was part of the question.
        additionalParameters: grantParameters({ resource, parameters }),
      }),
    {
      // §4.1.2: a code that comes twice has been stolen, as far as the server knows.
      isUnspent,
      check: (server, client, response) =>
        processAuthorizationCodeResponse(server, client, response, {
          ...(nonce !== undefined && { expectedNonce: nonce }),
          requireIdToken: expectsIdToken(options),
        }),
    },
  );
}
