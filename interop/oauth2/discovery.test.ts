import { clientCredentials, type OAuth2Options } from "@authflow/oauth2";
import { describe, expect, it } from "vitest";
import { HARD_SECRET } from "./server/clients.ts";
import { startedServer } from "./started-server.ts";

const server = startedServer();

const authFetch = (options: Partial<OAuth2Options> & { readonly clientSecret?: string } = {}): typeof fetch =>
  clientCredentials({
    issuer: server().issuer,
    clientId: "by basic: 100%+1",
    clientSecret: HARD_SECRET,
    ...options,
  })(fetch);

describe("the endpoints of oidc-provider", () => {
  it("are looked up once for any number of calls (OpenID Connect Discovery §4)", async () => {
    const client = authFetch();
    await Promise.all(Array.from({ length: 20 }, async () => client(server().api)));
    server().voidAccessTokens();
    expect((await client(server().api)).status).toBe(200);
    expect(
      server()
        .told()
        .filter((line) => line.includes("well-known")),
    ).toEqual(["GET /.well-known/openid-configuration: 200"]);
  });

  it("are found without OpenID (RFC 8414 §3)", async () => {
    server().settings.speaksOpenID = false;
    expect((await authFetch()(server().api)).status).toBe(200);
    expect(server().told().slice(0, 2)).toEqual([
      "GET /.well-known/openid-configuration: 404",
      "GET /.well-known/oauth-authorization-server: 200",
    ]);
  });

  it("aren't looked up where they are given", async () => {
    const tokenEndpoint = new URL("/token", server().issuer);
    expect((await authFetch({ issuer: undefined, tokenEndpoint })(server().api)).status).toBe(200);
    expect(server().told()).toEqual(["POST /token client_credentials: 200", "GET /: 200"]);
  });

  it("aren't taken from metadata of another issuer (RFC 8414 §3.3)", async () => {
    const issuer = server().issuer.replace("127.0.0.1", "localhost");
    await expect(authFetch({ issuer })(server().api)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY" });
  });
});
