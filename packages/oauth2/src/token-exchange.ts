// RFC 8693 §2: a token that somebody has, in exchange for one that is good elsewhere.
import type { Scheme } from "@authflow/flow";
import { createEndpoint } from "./endpoint.ts";
import { grantParameters } from "./grant-parameters.ts";
import type { OAuth2Options } from "./options.ts";
import { refreshing } from "./refresh.ts";
import { schemeOf } from "./scheme.ts";
import { grantRequest } from "./server-request.ts";
import { assertSource, identityOf, type TokenSource, valueOf } from "./token-source.ts";

const TYPE = "urn:ietf:params:oauth:token-type:";

/** What kind of token it is (§3): one of these, or a URI of others. */
export type TokenType =
  | "access_token"
  | "refresh_token"
  | "id_token"
  | "saml1"
  | "saml2"
  | "jwt"
  | `${string}:${string}`;

/** What {@link tokenExchange} takes. */
export interface TokenExchangeOptions extends OAuth2Options {
  /**
   * The token of the party on whose behalf requests are sent, or a function that gives it each time. Tokens that come of a
   * function are shared through a store only if that has a `key`.
   */
  readonly subjectToken: TokenSource;
  /** Default: `access_token`. */
  readonly subjectTokenType?: TokenType | undefined;
  /** The token of the party that acts, if it is another one. */
  readonly actorToken?: TokenSource | undefined;
  /** Default: `access_token`. */
  readonly actorTokenType?: TokenType | undefined;
  /** What kind is wanted. Default: the server chooses. */
  readonly requestedTokenType?: TokenType | undefined;
  /** For whom, by the names that the server knows; `resource` has it by URL. */
  readonly audience?: string | readonly string[] | undefined;
}

/**
 * Makes a scheme that exchanges a token for one that is good elsewhere, and sends that with each request.
 *
 * @param options client, server and tokens, see {@link TokenExchangeOptions}
 * @returns the scheme: `tokenExchange(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 * @throws `ERR_AUTHFLOW_OAUTH2_…`, from a call, where no token could be had; `_REAUTHORIZE` where the given one is refused
 * @throws what the function throws, from the calls that wait for it
 * @see {@link https://www.rfc-editor.org/rfc/rfc8693#section-2 RFC 8693 §2}
 *
 * @example
 * ```ts
 * import { tokenExchange } from "@authflow/oauth2";
 *
 * // Stands for the authorization server and the API.
 * const network = async (request: Request) =>
 *   request.method === "POST"
 *     ? Response.json({ access_token: "for-the-backend", token_type: "Bearer" })
 *     : new Response(request.headers.get("authorization"));
 *
 * const scheme = tokenExchange({
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "frontend",
 *   subjectToken: "of-the-user",
 *   audience: "backend",
 * });
 * console.log(await (await scheme(network)(new Request("https://api.example.com/"))).text()); // → Bearer for-the-backend
 * ```
 */
export function tokenExchange(options: TokenExchangeOptions): Scheme {
  const { subjectToken, subjectTokenType, actorToken, actorTokenType, requestedTokenType, audience } = options;
  assertSource("subjectToken", subjectToken);
  if (actorToken !== undefined) assertSource("actorToken", actorToken);
  const asked = { ...options }; // as it is now: it is used later
  const endpoint = createEndpoint(options);
  const parametersWith = (subject?: string, actor?: string): URLSearchParams => {
    const parameters = grantParameters(asked, {
      subject_token: subject,
      subject_token_type: typeUri(subjectTokenType ?? "access_token"),
      actor_token: actor,
      actor_token_type: actorToken === undefined ? undefined : typeUri(actorTokenType ?? "access_token"),
      requested_token_type: requestedTokenType && typeUri(requestedTokenType),
    });
    for (const one of [audience ?? []].flat()) parameters.append("audience", one);
    return parameters;
  };
  return schemeOf(
    {
      name: "token_exchange",
      identity: [`${parametersWith()}`, identityOf(subjectToken), identityOf(actorToken)],
      async obtain(context) {
        const parameters = parametersWith(await valueOf(subjectToken), await valueOf(actorToken));
        return endpoint.tokens(context, grantRequest("urn:ietf:params:oauth:grant-type:token-exchange", parameters));
      },
      // Without the scope: less may have been granted than was asked for, and more is refused (RFC 6749 §6).
      refresh: refreshing(endpoint, { ...asked, scope: undefined }),
    },
    endpoint,
    options,
  );
}

const typeUri = (type: TokenType): string => (type.includes(":") ? type : TYPE + type);
