// RFC 6749 §4.1.1 with PKCE (RFC 7636 §4.3): what a person's browser is sent to the authorization server with.
import { isInsecure } from "@authflow/flow";
import {
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from "oauth4webapi";
import { grantParameters } from "../grant-parameters.ts";
import { OAuth2Error } from "#oauth2-error";
import type { GrantOptions } from "../options.ts";

/** What is asked for, of whom. */
export interface AuthorizationRequestOptions extends GrantOptions {
  readonly clientId: string;
  readonly issuer?: string | URL | undefined;
  readonly allowInsecure?: boolean | undefined;
  /** Further parameters of the URL, such as `prompt`, `login_hint` or `audience`. They replace none of the others. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
}

/** What has to be remembered from the way there to the way back. Plain data, and secret: the verifier is. */
export interface PendingAuthorization {
  /** What to open. */
  readonly url: string;
  readonly redirectUri: string;
  readonly state: string;
  /** `undefined` where no ID token is expected. */
  readonly nonce?: string | undefined;
  readonly codeVerifier: string;
}

/**
 * Makes everything about an authorization but the redirect URI, which may be known later.
 *
 * @returns builds the URL; each call stands for the same authorization
 * @throws `ERR_AUTHFLOW_OAUTH2_DISCOVERY` if there is no endpoint that a browser may be sent to, or it knows no S256
 */
export async function authorizationRequest(
  server: AuthorizationServer,
  options: AuthorizationRequestOptions,
): Promise<(redirectUri: string | URL) => PendingAuthorization> {
  const endpoint = endpointOf(server, options.allowInsecure);
  const codeVerifier = generateRandomCodeVerifier();
  const state = generateRandomState();
  const nonce = expectsIdToken(options) ? generateRandomNonce() : undefined;
  const challenge = await calculatePKCECodeChallenge(codeVerifier);

  return (redirectUri) => {
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(options.authorizationParameters ?? {}))
      url.searchParams.set(name, value);
    const own = {
      response_type: "code",
      client_id: options.clientId,
      redirect_uri: `${redirectUri}`,
      state,
      nonce,
      code_challenge: challenge,
      // §4.2: "If the client is capable of using "S256", it MUST use "S256"".
      code_challenge_method: "S256",
    };
    const parameters = grantParameters({ scope: options.scope, resource: options.resource }, own);
    for (const name of new Set(parameters.keys())) url.searchParams.delete(name);
    for (const [name, value] of parameters) url.searchParams.append(name, value);
    return { url: url.href, redirectUri: `${redirectUri}`, state, nonce, codeVerifier };
  };
}

/** Whether OpenID Connect is spoken (§3.1.2.1), with a server whose ID tokens can be told from others'. */
export function expectsIdToken({ scope, issuer }: AuthorizationRequestOptions): boolean {
  return issuer !== undefined && [scope].flat().join(" ").split(" ").includes("openid");
}

/** A URL that is given to whatever opens URLs on this machine has to be one of the web. */
function endpointOf(server: AuthorizationServer, allowInsecure: boolean | undefined): URL {
  const { authorization_endpoint: endpoint, code_challenge_methods_supported: methods } = server;
  if (endpoint === undefined) {
    throw unusable("names no authorization endpoint. Give `authorizationEndpoint`, or choose another grant");
  }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || (!allowInsecure && isInsecure(url))) {
    throw unusable("names an authorization endpoint that is no https URL. Nobody was sent there");
  }
  if (methods && !methods.includes("S256")) {
    throw unusable('doesn\'t know the code challenge method "S256" (RFC 7636 §4.2), without which codes can be stolen');
  }
  return url;
}

const unusable = (what: string): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_DISCOVERY", `The authorization server ${what}.`);
