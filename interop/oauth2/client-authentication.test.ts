import {
  type ClientAuthentication,
  clientCredentials,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  privateKeyJwt,
} from "@authflow/oauth2";
import { describe, expect, it } from "vitest";
import type { Told } from "./server/api.ts";
import { HARD_SECRET, PRIVATE_KEY, PRIVATE_KEY_ID, SHARED_KEY, UNICODE_SECRET } from "./server/clients.ts";
import { startedServer } from "./started-server.ts";

const server = startedServer();

/** What the API says of a client that proves who it is in this way. */
async function told(clientId: string, clientAuth: ClientAuthentication): Promise<Told> {
  const scheme = clientCredentials({ issuer: server().issuer, clientId, clientAuth, scope: "read" });
  const response = await scheme(fetch)(server().api);
  return (await response.json()) as Told;
}

const privateKey = async (): Promise<CryptoKey> =>
  crypto.subtle.importKey("pkcs8", PRIVATE_KEY, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);

describe("client credentials (RFC 6749 §4.4) of oidc-provider", () => {
  it.each([
    ["client_secret_basic, all that forms encode", "by basic: 100%+1", async () => clientSecretBasic(HARD_SECRET)],
    ["client_secret_post, all that forms encode", "by post", async () => clientSecretPost(HARD_SECRET)],
    ["client_secret_basic, any letter", "by unicode basic", async () => clientSecretBasic(UNICODE_SECRET)],
    ["client_secret_post, any letter", "by unicode post", async () => clientSecretPost(UNICODE_SECRET)],
    ["client_secret_jwt (RFC 7523 §2.2)", "by secret jwt", async () => clientSecretJwt(SHARED_KEY)],
    ["private_key_jwt", "by key jwt", async () => privateKeyJwt(await privateKey())],
    [
      "private_key_jwt with the name of the key",
      "by key jwt",
      async () => privateKeyJwt(await privateKey(), PRIVATE_KEY_ID),
    ],
  ])("are given to a client that proves who it is by %s", async (_, clientId, authentication) => {
    expect(await told(clientId, await authentication())).toEqual({ client: clientId, scope: "read" });
    expect(server().told()).toEqual([
      "GET /.well-known/openid-configuration: 200",
      "POST /token client_credentials: 200",
      "GET /: 200",
    ]);
  });

  it("takes `clientSecret` for client_secret_basic", async () => {
    const options = { issuer: server().issuer, clientId: "by unicode basic", clientSecret: UNICODE_SECRET };
    expect((await clientCredentials(options)(fetch)(server().api)).status).toBe(200);
  });

  it.each([
    ["client_secret_basic", "by basic: 100%+1", clientSecretBasic("wrong")],
    ["client_secret_post", "by post", clientSecretPost("wrong")],
    ["client_secret_jwt", "by secret jwt", clientSecretJwt("another secret of more than thirty-two octets")],
    ["another way than its own", "by post", clientSecretJwt(HARD_SECRET)],
    ["a client that isn't known", "nobody", clientSecretBasic("secret")],
  ])(
    "are refused with the server's own error to who proves nothing by %s (RFC 6749 §5.2)",
    async (_, clientId, auth) => {
      await expect(told(clientId, auth)).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
        error: "invalid_client",
        errorDescription: "client authentication failed",
        status: 401,
      });
      expect(server().told()).toEqual([
        "GET /.well-known/openid-configuration: 200",
        "POST /token client_credentials: 401 invalid_client",
      ]);
    },
  );

  it("are refused to a client that proves nothing, which may not have them", async () => {
    const nothing: ClientAuthentication = (_server, { client_id: id }, body) => body.set("client_id", id);
    await expect(told("cli", nothing)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      errorDescription: "requested grant type is not allowed for this client",
    });
  });
});
