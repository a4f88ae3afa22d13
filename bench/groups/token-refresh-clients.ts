// Who is measured when tokens have to be refreshed.
import { refreshToken } from "@authflow/oauth2";
import { peer } from "../peers/install.ts";
import { CLIENT_ID, type RefreshServer, type Tokens } from "./token-refresh-server.ts";

/** What a client is told before the calls. */
export interface Login {
  readonly server: RefreshServer;
  readonly tokens: Tokens;
  /** When the access token ended, in milliseconds since 1970; `undefined` where nobody knows. */
  readonly expiresAt: number | undefined;
}

export type Get = (url: string, signal: AbortSignal | undefined) => Promise<Response>;

export interface RefreshClient {
  readonly name: string;
  /** Rejects where the client isn't there. */
  readonly make: (login: Login) => Get | Promise<Get>;
}

export const OURS: RefreshClient = {
  name: "oauth2",
  make({ server, tokens: { access_token: accessToken, refresh_token: token }, expiresAt }) {
    const tokens = { accessToken, refreshToken: token, expiresAt };
    const authFetch = refreshToken({ tokenEndpoint: server.url("/token"), clientId: CLIENT_ID, tokens })(fetch);
    return (url, signal) => authFetch(url, signal ? { signal } : {});
  },
};

export const PEERS: readonly RefreshClient[] = [
  { name: "@badgateway/oauth2-client 3", make: withBadgateway },
  { name: "MCP SDK 2 withOAuth", make: withMcp },
  { name: "ky 2, a hook", make: withKy },
];

interface Badgateway {
  readonly OAuth2Client: new (options: object) => object;
  readonly OAuth2Fetch: new (options: object) => { fetch(url: string, init: RequestInit): Promise<Response> };
}

async function withBadgateway({ server, tokens, expiresAt }: Login): Promise<Get> {
  const { OAuth2Client, OAuth2Fetch } = await peer<Badgateway>("@badgateway/oauth2-client");
  const { access_token: accessToken, refresh_token: refreshTokenText } = tokens;
  const client = new OAuth2Client({ tokenEndpoint: server.url("/token"), clientId: CLIENT_ID });
  const wrapper = new OAuth2Fetch({
    client,
    getNewToken: () => null, // there is nobody to log in
    getStoredToken: () => ({ accessToken, refreshToken: refreshTokenText, expiresAt: expiresAt ?? null }),
    scheduleRefresh: false,
  });
  return (url, signal) => wrapper.fetch(url, signal ? { signal } : {});
}

interface Mcp {
  readonly withOAuth: (provider: object, baseUrl: string) => (next: typeof fetch) => typeof fetch;
}

async function withMcp({ server, tokens }: Login): Promise<Get> {
  const { withOAuth } = await peer<Mcp>("@modelcontextprotocol/client");
  let present = tokens;
  const provider = {
    redirectUrl: "http://127.0.0.1/callback",
    clientMetadata: { redirect_uris: ["http://127.0.0.1/callback"] },
    clientInformation: () => ({ client_id: CLIENT_ID }),
    tokens: () => present,
    saveTokens: (saved: Tokens) => void (present = saved),
    redirectToAuthorization: () => {},
    saveCodeVerifier: () => {},
    codeVerifier: () => "",
  };
  const authFetch = withOAuth(provider, server.url("/"))(fetch);
  return (url, signal) => authFetch(url, signal ? { signal } : {});
}

interface Ky {
  readonly default: {
    create(options: object): (url: string, options: object) => Promise<Response>;
    retry(options: object): unknown;
  };
}

/** As ky's README has it: "retry with a fresh token on a 401 error". */
async function withKy({ server, tokens }: Login): Promise<Get> {
  const { default: ky } = await peer<Ky>("ky");
  let present = tokens;
  interface HookState {
    readonly request: Request;
    readonly response: Response;
    readonly retryCount: number;
  }
  const client = ky.create({
    hooks: {
      beforeRequest: [
        ({ request }: HookState) => request.headers.set("authorization", `Bearer ${present.access_token}`),
      ],
      afterResponse: [
        async ({ request, response, retryCount }: HookState) => {
          if (response.status !== 401 || retryCount > 0) return undefined;
          const form = { grant_type: "refresh_token", client_id: CLIENT_ID, refresh_token: present.refresh_token };
          const answer = await fetch(server.url("/token"), { method: "POST", body: new URLSearchParams(form) });
          if (!answer.ok) throw new Error(`The token endpoint answered ${answer.status}.`);
          present = (await answer.json()) as Tokens; // RFC 6749 §5.1
          const headers = new Headers(request.headers);
          headers.set("authorization", `Bearer ${present.access_token}`);
          return ky.retry({ request: new Request(request, { headers }), delay: 0 });
        },
      ],
    },
  });
  return (url, signal) => client(url, { ...(signal && { signal }), throwHttpErrors: false });
}
