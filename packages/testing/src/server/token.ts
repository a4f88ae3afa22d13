import type { ServerOptions } from "./loopback-server.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { redirectOrEcho, type RedirectServer, withRedirects } from "./redirect.ts";
import type { ServerReply } from "./server-reply.ts";
import { type Grant, TokenStore } from "./token-store.ts";
import { startServer } from "./start-server.ts";

export interface TokenServerOptions extends ServerOptions {
  /** Default: `authflow`. */
  readonly realm?: string | undefined;
  /** What the client has to prove at the token endpoint, by Basic or in the form. Default: nothing. */
  readonly client?: { readonly id: string; readonly secret: string } | undefined;
  /** How many requests an access token is good for. Default: any number, until `expire()`. */
  readonly uses?: number | undefined;
  /** Whether a refresh token is good for one refresh, which gives the next one. Default: `true`. */
  readonly rotates?: boolean | undefined;
  /** The `expires_in` of the answers, in seconds: what the server says, not what it does. Default: 3600. */
  readonly expiresIn?: number | undefined;
  /** Called for each token request before it is answered: wait in it to hold the answer back, or reply in its place. */
  readonly onTokenRequest?:
    | ((request: ReceivedRequest) => ServerReply | undefined | Promise<ServerReply | undefined>)
    | undefined;
}

/** A server whose resources need a token that it issues itself. */
export interface TokenServer extends RedirectServer {
  /** Where tokens are issued. */
  readonly tokenUrl: string;
  /** How many access tokens were issued, `issue()` included. */
  readonly issued: number;
  /** How many of them for a refresh token. */
  readonly refreshed: number;
  /** How many requests came with a token that is not, or no longer, good. */
  readonly refused: number;
  /** Issues tokens without a request. */
  issue(): Grant;
  /** Makes every access token that was issued so far invalid. */
  expire(): void;
}

/**
 * Starts a server whose resources need a Bearer token, and which issues tokens at `tokenUrl`, by the grants
 * `client_credentials` and `refresh_token`. Tokens read `access-1`, `refresh-1` and so on. They expire when the test says so
 * or after a number of uses, never by a clock.
 *
 * @returns the server; it redirects or echoes for who has a token, who has none gets 401
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750 §3} for the 401
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5 RFC 6749 §5} for the token endpoint
 *
 * @example
 * ```ts
 * import { tokenServer } from "@authflow/testing/server";
 *
 * await using server = await tokenServer();
 * const { access_token: token } = server.issue();
 * const headers = { authorization: `Bearer ${token}` };
 * console.log((await fetch(server.url(), { headers })).status); // → 200
 * server.expire();
 * const response = await fetch(server.url(), { headers });
 * console.log(response.status, response.headers.get("www-authenticate")); // → 401 Bearer realm="authflow", error="invalid_token"
 * ```
 */
export async function tokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const { realm = "authflow", client, onTokenRequest } = options;
  const store = new TokenStore(options);

  const server = await startServer(async (request) => {
    await request.ended;
    const { pathname } = new URL(request.url);
    if (pathname === TOKEN_PATH) return (await onTokenRequest?.(request)) ?? tokenReply(request, store, client);
    const token = /^bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (token === undefined) return challenge(`Bearer realm="${realm}"`);
    return store.use(token) ? redirectOrEcho(request) : challenge(`Bearer realm="${realm}", error="invalid_token"`);
  }, options);

  return Object.defineProperties(withRedirects(server), {
    tokenUrl: { value: server.url(TOKEN_PATH) },
    issued: { get: () => store.issued },
    refreshed: { get: () => store.refreshed },
    refused: { get: () => store.refused },
    issue: { value: () => store.issue() },
    expire: { value: () => store.expire() },
  }) as TokenServer; // it has the members now
}

const TOKEN_PATH = "/token";

function challenge(value: string): ServerReply {
  return { status: 401, headers: { "WWW-Authenticate": value } };
}

/** The token endpoint (RFC 6749 §5). */
function tokenReply(request: ReceivedRequest, store: TokenStore, client: TokenServerOptions["client"]): ServerReply {
  const form = new URLSearchParams(request.text);
  if (request.method !== "POST") return { status: 405, headers: { Allow: "POST" } };
  if (client && !provesClient(request, form, client)) {
    return json(401, { error: "invalid_client" }, { "WWW-Authenticate": 'Basic realm="token"' });
  }
  switch (form.get("grant_type")) {
    case "client_credentials":
      return json(200, store.issue());
    case "refresh_token": {
      const grant = store.refresh(form.get("refresh_token") ?? "");
      return grant ? json(200, grant) : json(400, { error: "invalid_grant" });
    }
    default:
      return json(400, { error: "unsupported_grant_type" });
  }
}

/** By Basic, whose parts are form-encoded, or by the form itself (RFC 6749 §2.3.1). */
function provesClient(
  { headers }: ReceivedRequest,
  form: URLSearchParams,
  { id, secret }: { readonly id: string; readonly secret: string },
): boolean {
  const [, basic = ""] = /^basic +(.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  const expected = btoa(`${formEncoded(id)}:${formEncoded(secret)}`);
  return basic === expected || (form.get("client_id") === id && form.get("client_secret") === secret);
}

function formEncoded(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice(2);
}

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): ServerReply {
  return {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}
