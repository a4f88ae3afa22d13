import type { ClientAuthentication } from "./client-authentication.ts";
import type { OAuth2Error } from "#oauth2-error";
import type { TokenStore } from "./token-place.ts";

/** Which client asks which authorization server. `issuer` or `tokenEndpoint` has to be given. */
export interface ClientOptions {
  /** The authorization server. Its endpoints are looked up in its metadata, once, unless `tokenEndpoint` is given. */
  readonly issuer?: string | URL | undefined;
  /** Where tokens are issued. With it nothing is looked up. */
  readonly tokenEndpoint?: string | URL | undefined;
  /** Where tokens are revoked, for `revoke`; needed with `tokenEndpoint` only. */
  readonly revocationEndpoint?: string | URL | undefined;
  /** Who asks. */
  readonly clientId: string;
  /**
   * Short for `clientAuth: clientSecretBasic(clientSecret)`. Default: none, a public client, which `clientCredentials` doesn't
   * take.
   */
  readonly clientSecret?: string | undefined;
  /** How the client proves who it is. Not beside `clientSecret`. */
  readonly clientAuth?: ClientAuthentication | undefined;
  /** Whether plain http is good enough for the authorization server; this machine itself is always excepted. Default: `false`. */
  readonly allowInsecure?: boolean | undefined;
  /**
   * How long getting tokens may take, in milliseconds, and at most 24 days: look-up, attempts and waits in all. One attempt
   * gets half of it at most, so that a second one is possible; one that spends what is good once, such as a refresh token, gets
   * all of it, and goes on for a minute after it for the calls that come later. Default: 10,000.
   */
  readonly timeLimit?: number | undefined;
}

/** What is asked for. */
export interface GrantOptions {
  /** RFC 6749 §3.3, as a list or a text with spaces. Default: none, which leaves it to the server. */
  readonly scope?: string | readonly string[] | undefined;
  /** RFC 8707: the API or the APIs that the token is for. */
  readonly resource?: string | readonly string[] | undefined;
  /** Further parameters of the token request, such as `audience`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** What is told about tokens that came. */
export interface RefreshedEvent {
  /** The grant, such as `client_credentials`. */
  readonly grant: string;
  /** Whether a refresh token was spent for them; else the grant was made anew. */
  readonly refreshed: boolean;
  /** When the access token ends, in milliseconds since 1970. */
  readonly expiresAt: number | undefined;
  readonly scope: string | undefined;
}

/** What is told about tokens that didn't come. */
export interface FailedEvent {
  readonly grant: string;
  readonly error: unknown;
  /** Whether the calls go on with the token that is still good. */
  readonly recovered: boolean;
}

/** What is told when only a new login helps. */
export interface ReauthorizeEvent {
  readonly grant: string;
  readonly error: OAuth2Error;
}

/** How tokens live. */
export interface TokenOptions {
  /** Where tokens are kept, for other schemes, processes or the next start. Default: in this scheme only. */
  readonly store?: TokenStore | undefined;
  /**
   * How many seconds before its end a token counts as expired; if no other can be had, it is used all the same. In as many
   * seconds before that (at random, so that not all machines come at once) the next is fetched in the background. At most a
   * quarter of the token's life. 0: neither. Default: 30.
   */
  readonly earlyExpiry?: number | undefined;
  /**
   * How long after a failure the endpoint isn't asked again, in milliseconds; calls get the same error. A longer Retry-After is
   * kept, up to five minutes. Default: 1000.
   */
  readonly backOff?: number | undefined;
  /** Keeps the runtime from ending before a refresh in the background does, such as a Worker's `ctx.waitUntil`. */
  readonly waitUntil?: ((refresh: Promise<unknown>) => void) | undefined;
  /** The clock that tells whether a token has expired, in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Random numbers from 0 to 1, for the waits. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Told when tokens came, after they were stored. */
  readonly onRefreshed?: ((event: RefreshedEvent) => void) | undefined;
  /** Told when they didn't. */
  readonly onFailed?: ((event: FailedEvent) => void) | undefined;
  /** Told, once, when the refresh token is of no use any more: only a new login helps. */
  readonly onReauthorize?: ((event: ReauthorizeEvent) => void) | undefined;
}

/** Where the token goes, and how. */
export interface SendingOptions {
  /** Where the token may go, such as `["https://api.example.com"]`. Default: the origin of each call. */
  readonly origins?: readonly string[] | undefined;
  /** Whether a plain http request is refused before anything is sent; this machine itself is excepted. Default: `false`. */
  readonly requireHttps?: boolean | undefined;
  /** Whether a 401 without any challenge refuses the token, too. Default: `false`. */
  readonly bare401?: boolean | undefined;
  /** The header that the token stands in, for APIs of their own mind. Default: `authorization`. */
  readonly header?: string | undefined;
  /** What stands in it. Default: `Bearer <token>`. */
  readonly format?: ((accessToken: string) => string) | undefined;
}

/** What every grant takes. */
export interface OAuth2Options extends ClientOptions, GrantOptions, TokenOptions, SendingOptions {}
