import { clientSecretPost, webLogin } from "@authflow/oauth2";
import { describe, expect, it } from "vitest";
import { Browser } from "./server/browser.ts";
import { HARD_SECRET } from "./server/clients.ts";
import { USER } from "./server/interactions.ts";
import { startedServer } from "./started-server.ts";

const server = startedServer();

describe("a login in two halves at oidc-provider", () => {
  it("gives the tokens of who came back, and an ID token with the nonce of their session", async () => {
    const { issuer } = server();
    const redirectUri = "https://client.example/callback";
    const client = { issuer, clientId: "by post", clientAuth: clientSecretPost(HARD_SECRET) };
    const login = webLogin({ ...client, redirectUri, scope: "openid read" });
    const pending = await login.begin();
    const back = await new Browser().authorize(pending.url);
    const { accessToken, idToken } = await login.finish(pending, back);
    const headers = { authorization: `Bearer ${accessToken}` };
    expect(await (await fetch(server().api, { headers })).json()).toMatchObject({ client: "by post", user: USER });
    const claims: unknown = JSON.parse(Buffer.from(idToken?.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ iss: issuer, aud: "by post", nonce: pending.nonce });

    // RFC 6749 §4.1.2: "The client MUST NOT use the authorization code more than once."
    await expect(login.finish(pending, back)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" });
  });
});
