// An API and its authorization server, whose refresh tokens are good once: who brings one a second time loses all that came
// of the login (RFC 9700 §4.14.2), as a server does that can't tell a clumsy client from a thief.
import { setTimeout as pause } from "node:timers/promises";
import { type LoopbackServer, type ReceivedRequest, type ServerReply, startServer } from "@authflow/testing/server";

/** How long the token endpoint takes, in milliseconds: about as long as one elsewhere. */
const TOKEN_TIME = 20;

/** The client that there is; it has no secret. */
export const CLIENT_ID = "bench";

/** What a login gave. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
}

export class RefreshServer implements AsyncDisposable {
  tokenCalls = 0;
  refusals = 0;
  /** Called when a token request has come, before it is answered. */
  onTokenCall: () => void = () => {};
  #server: LoopbackServer | undefined;
  #issued = 0;
  readonly #access = new Set<string>();
  readonly #refresh = new Set<string>();

  static async start(): Promise<RefreshServer> {
    const started = new RefreshServer();
    started.#server = await startServer((request) => started.#answer(request));
    return started;
  }

  url(path: string): string {
    if (!this.#server) throw new Error("The server hasn't been started.");
    return this.#server.url(path);
  }

  /** Tokens whose access token isn't good any more. */
  expired(): Tokens {
    const tokens = this.#issue();
    this.#access.clear();
    return tokens;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.close();
  }

  async #answer(request: ReceivedRequest): Promise<ServerReply> {
    await request.ended;
    const { pathname } = new URL(request.url);
    if (pathname === "/.well-known/oauth-authorization-server") return json(200, this.#metadata());
    if (pathname.startsWith("/.well-known/")) return { status: 404 };
    if (pathname === "/token") return this.#token(new URLSearchParams(request.text));
    const [, token = ""] = (request.headers.get("authorization") ?? "").split("Bearer ");
    if (this.#access.has(token)) return { status: 200, body: "welcome" };
    this.refusals++;
    return { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } };
  }

  async #token(form: URLSearchParams): Promise<ServerReply> {
    this.tokenCalls++;
    this.onTokenCall();
    await pause(TOKEN_TIME);
    if (this.#refresh.delete(form.get("refresh_token") ?? "")) return json(200, this.#issue());
    this.#access.clear();
    this.#refresh.clear();
    return json(400, { error: "invalid_grant" });
  }

  #issue(): Tokens {
    const number = ++this.#issued;
    const tokens = { access_token: `access-${number}`, refresh_token: `refresh-${number}` };
    this.#access.add(tokens.access_token);
    this.#refresh.add(tokens.refresh_token);
    return { ...tokens, token_type: "Bearer", expires_in: 3600 };
  }

  #metadata(): object {
    return {
      issuer: this.url("/"),
      authorization_endpoint: this.url("/authorize"),
      token_endpoint: this.url("/token"),
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
    };
  }
}

function json(status: number, body: object): ServerReply {
  return { status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
