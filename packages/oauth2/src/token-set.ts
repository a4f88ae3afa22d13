// RFC 6749 §5.1: what a token endpoint gives, and what is kept of it.
import type { TokenEndpointResponse } from "oauth4webapi";
import { OAuth2Error } from "#oauth2-error";

/** The tokens of one grant, as they are kept: plain data, which JSON holds. */
export interface TokenSet {
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since 1970; `undefined` where the server didn't say. */
  readonly expiresAt?: number | undefined;
  /** When it was asked for, in milliseconds since 1970; with `expiresAt` it tells how long such a token lives. */
  readonly issuedAt?: number | undefined;
  /** Gets the next access token; `undefined` where the server gave none, or it was refused. */
  readonly refreshToken?: string | undefined;
  /** What the server granted, if it said so. */
  readonly scope?: string | undefined;
  /** The ID token of OpenID Connect, whose claims were checked when it came. */
  readonly idToken?: string | undefined;
}

// §A.12: access-token = 1*VSCHAR.
const VSCHARS = /^[\x20-\x7e]+$/;

/**
 * What is kept of a token response.
 *
 * @param sentAt when it was asked for: counted from there, a token is never taken for good for too long
 * @param previous the tokens that it replaces; a refresh token that isn't replaced stays (§6)
 * @throws `ERR_AUTHFLOW_OAUTH2_RESPONSE` for a token that is no bearer token (§7.1), or that no header can hold
 */
export function tokensOf(response: TokenEndpointResponse, sentAt: number, previous?: TokenSet): TokenSet {
  const { access_token: accessToken, expires_in: lifetime, scope, id_token: idToken } = response;
  if (response.token_type !== "bearer") {
    throw unusable("is not of type Bearer (RFC 6750), the only one that is known here");
  }
  if (!VSCHARS.test(accessToken)) throw unusable("holds a character that no header can hold");
  return {
    accessToken,
    issuedAt: sentAt,
    expiresAt: lifetime === undefined ? undefined : sentAt + lifetime * 1000,
    refreshToken: response.refresh_token ?? previous?.refreshToken,
    scope: scope ?? previous?.scope,
    idToken: idToken ?? previous?.idToken,
  };
}

const unusable = (what: string): OAuth2Error =>
  new OAuth2Error("ERR_AUTHFLOW_OAUTH2_RESPONSE", `The access token ${what}.`);
