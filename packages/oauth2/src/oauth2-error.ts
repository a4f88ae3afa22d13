// Imported as "#oauth2-error", not by its path, so that it is published once and `instanceof` holds for every entry.
import { AuthError } from "@authflow/flow";

/** Why no token could be had. */
export type OAuth2ErrorCode =
  | "ERR_AUTHFLOW_OAUTH2_REFUSED"
  | "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE"
  | "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE"
  | "ERR_AUTHFLOW_OAUTH2_RESPONSE"
  | "ERR_AUTHFLOW_OAUTH2_DISCOVERY"
  | "ERR_AUTHFLOW_OAUTH2_STORE"
  // Of the grants in which a person takes part.
  | "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION"
  | "ERR_AUTHFLOW_OAUTH2_EXPIRED"
  | "ERR_AUTHFLOW_OAUTH2_LOOPBACK";

/** What the server said, and about which URL. */
export interface OAuth2ErrorOptions {
  readonly url?: string | undefined;
  /** RFC 6749 §5.2 `error`. */
  readonly error?: string | undefined;
  /** §5.2 `error_description`, without what was secret in the request. */
  readonly errorDescription?: string | undefined;
  /** §5.2 `error_uri`. */
  readonly errorUri?: string | undefined;
  /** What else the server said, such as an id for its support: the other members, as JSON. */
  readonly details?: string | undefined;
  /** The status of the response; `undefined` where none came. */
  readonly status?: number | undefined;
  /** How many milliseconds the server wants to be left alone (RFC 9110 §10.2.3). */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/**
 * No token could be had, for the reason that `code` names. What the server said is in `error` and `errorDescription`; no
 * token, secret, code or verifier is in any of it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 §5.2}
 *
 * @example
 * ```ts
 * import { clientCredentials, OAuth2Error } from "@authflow/oauth2";
 *
 * const network = async (_url: string) => Response.json({ error: "invalid_client", error_description: "Who?" }, { status: 401 });
 * const scheme = clientCredentials({
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "nobody",
 *   clientSecret: "s3cret",
 * });
 * try {
 *   await scheme(network)("https://api.example.com/");
 * } catch (error) {
 *   if (error instanceof OAuth2Error) console.log(error.code, error.error, error.errorDescription);
 *   // → ERR_AUTHFLOW_OAUTH2_REFUSED invalid_client Who?
 * }
 * ```
 */
export class OAuth2Error extends AuthError {
  declare readonly code: OAuth2ErrorCode;
  declare readonly error?: string;
  declare readonly errorDescription?: string;
  declare readonly errorUri?: string;
  declare readonly details?: string;
  declare readonly status?: number;
  declare readonly retryAfter?: number;

  constructor(code: OAuth2ErrorCode, message: string, options: OAuth2ErrorOptions = {}) {
    super(code, message, options);
    const { url: _url, cause: _cause, ...said } = options;
    // Without those that are undefined.
    Object.assign(this, JSON.parse(JSON.stringify(said)) as object);
  }

  override get name(): string {
    return "OAuth2Error";
  }
}
