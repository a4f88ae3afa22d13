// A real authorization server and the API that it protects, each an origin of its own on 127.0.0.1.
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { takeAnyLetter } from "./any-letter.ts";
import { protectedApi } from "./api.ts";
import { answerForTheUser } from "./interactions.ts";
import { Log } from "./log.ts";
import { Memory } from "./memory.ts";
import { authorizationServer, type Settings } from "./provider.ts";

/** An authorization server that answers, with what it protects. */
export class OAuthServer implements AsyncDisposable {
  /** Its name, by which it is discovered. */
  readonly issuer: string;
  /** What may be fetched with a token. */
  readonly api: string;
  /** May be changed at any time. */
  readonly settings: Settings = { accessTokenTTL: 3600, consents: true, speaksOpenID: true };
  readonly #servers: readonly Server[];
  readonly #memory = new Memory();
  readonly #log = new Log();

  private constructor(servers: readonly [issuer: Server, api: Server]) {
    this.#servers = servers;
    const [issuer, api] = servers.map(originOf) as [string, string]; // as many as there are servers
    this.issuer = issuer;
    this.api = `${api}/`;

    const provider = authorizationServer(issuer, this.#memory, this.settings);
    provider.on("grant.success", (ctx) => this.#log.grant(ctx.req, ctx.oidc.params));
    provider.on("grant.error", (ctx, error) => this.#log.grant(ctx.req, ctx.oidc.params, error.message));
    const answer = provider.callback();
    servers[0].on("request", (request, response) => {
      this.#log.record(request, response);
      if (request.url?.endsWith("/openid-configuration") && !this.settings.speaksOpenID) {
        response.writeHead(404).end();
        return;
      }
      const answered = request.url?.startsWith("/interaction/")
        ? answerForTheUser(provider, this.settings, request, response)
        : answer(request, response);
      answered.catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    servers[1].on("request", (request, response) => {
      this.#log.record(request, response);
      protectedApi(provider, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  static async start(): Promise<OAuthServer> {
    await takeAnyLetter();
    return new OAuthServer([await listening(), await listening()]);
  }

  /** What it was asked since this was last called: `POST /token refresh_token: 400 invalid_grant`. */
  told(): string[] {
    return this.#log.take();
  }

  /** Makes every access token void before its time; refresh tokens stay good. */
  voidAccessTokens(): void {
    for (const kind of ["AccessToken", "ClientCredentials"]) this.#memory.forget(kind);
  }

  /** Makes every refresh token void, as if the user had taken back what they allowed. */
  voidRefreshTokens(): void {
    this.#memory.forget("RefreshToken");
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#servers.map(async (server) => {
        const closed = once(server, "close");
        server.close();
        server.closeAllConnections();
        await closed;
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function listening(): Promise<Server> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function originOf(server: Server): string {
  // The address of a server that listens on a port is an object.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
