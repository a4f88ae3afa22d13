// RFC 6749 §4.1 with PKCE (RFC 7636): a person says yes in their browser, which comes back with a code.
import { InvalidOptionError, type Scheme } from "@authflow/flow";
import { type Ask, asking } from "../asking.ts";
import { createEndpoint } from "../endpoint.ts";
import type { Grant } from "../grant.ts";
import { grantParameters } from "../grant-parameters.ts";
import { OAuth2Error } from "#oauth2-error";
import type { OAuth2Options } from "../options.ts";
import { refreshing } from "../refresh.ts";
import { schemeOf } from "../scheme.ts";
import type { PendingAuthorization } from "./authorization-request.ts";
import type { Authorize } from "./authorize.ts";
import { beginLogin, finishLogin } from "./login.ts";

/** How a person is asked, and for what. */
export interface AuthorizationCodeOptions extends OAuth2Options {
  /** Shows a person the authorization server, and gives the URL to which it sent them back. */
  readonly authorize: Authorize;
  /** Where a person is asked; needed with `tokenEndpoint` only. */
  readonly authorizationEndpoint?: string | URL | undefined;
  /** Further parameters of the URL, such as `prompt`, `login_hint` or `audience`. They replace none of the others. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * Makes a scheme whose tokens a person allows in their browser: the first call that needs a token sends them there, once for
 * all calls that wait, and later ones use what was got and refresh it.
 *
 * PKCE is always used, and with S256. `state`, `iss` (RFC 9207) and, where `scope` has `openid`, `nonce` are checked, and
 * nothing is exchanged if one of them is wrong.
 *
 * @param options `authorize` has to be given, see `@authflow/oauth2/loopback` for command-line programs. A web application, to
 * which a person comes back with another request, uses {@link webLogin}
 * @returns the scheme: `authorizationCode(options)(fetch)` is a fetch that authenticates
 * @throws `ERR_AUTHFLOW_INVALID_OPTION`
 * @throws `ERR_AUTHFLOW_OAUTH2_AUTHORIZATION`, from a call, if what came back isn't the answer to what was asked
 * @throws `ERR_AUTHFLOW_OAUTH2_REFUSED`, from a call, if the person or the server said no
 * @throws `ERR_AUTHFLOW_OAUTH2_DISCOVERY`, from a call, if the server has no endpoint for it, or knows no S256
 * @throws what `authorize` throws, from the calls that wait for it
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1 RFC 6749 §4.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4 RFC 7636 §4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2.4 RFC 9207 §2.4}
 *
 * @example
 * ```ts
 * import { authorizationCode } from "@authflow/oauth2";
 *
 * // Stands for the authorization server and the API.
 * const network = async (request: Request) =>
 *   request.method === "POST"
 *     ? Response.json({ access_token: "mF_9", token_type: "Bearer" })
 *     : new Response(request.headers.get("authorization"));
 *
 * const scheme = authorizationCode({
 *   authorizationEndpoint: "https://auth.example.com/authorize",
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "app",
 *   // Stands for a person who says yes: is shown the URL, and gives the one to which they were sent back.
 *   authorize: async (urlFor) => {
 *     const url = urlFor("https://app.example.com/callback");
 *     return `https://app.example.com/callback?code=SplxlO&state=${url.searchParams.get("state")}`;
 *   },
 * });
 * console.log(await (await scheme(network)(new Request("https://api.example.com/"))).text()); // → Bearer mF_9
 * ```
 */
export function authorizationCode(options: AuthorizationCodeOptions): Scheme {
  if (typeof options.authorize !== "function") {
    throw new InvalidOptionError("`authorize` is a function that shows a person the URL that it is given.");
  }
  const asked = { ...options }; // as it is now: it is used later
  const endpoint = createEndpoint(options);
  const grant: Grant = {
    name: "authorization_code",
    identity: [`${grantParameters(options)}`, options.authorizationParameters],
    // Without the scope: a person may have allowed less than was asked for, and more is refused (§6).
    refresh: refreshing(endpoint, { ...asked, scope: undefined }),
  };
  const ask: Ask = async (context) => {
    const pendingFor = await beginLogin(endpoint, context, asked);
    let pending: PendingAuthorization | undefined;
    const urlFor = (redirectUri: string | URL): URL => new URL((pending = pendingFor(redirectUri)).url);
    const back = await asked.authorize(urlFor, { signal: context.signal });
    if (!pending) {
      throw new OAuth2Error(
        "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION",
        "`authorize` came back without having asked for the URL. Call the function that it is given, and open what it returns.",
      );
    }
    const answered = pending;
    return (exchange) => finishLogin(endpoint, exchange, asked, answered, back);
  };
  return schemeOf(grant, endpoint, options, asking(ask));
}
