import { authorizationCode, clientCredentials } from "@authflow/oauth2";
import { describe, expect, it } from "vitest";
import { Browser } from "./server/browser.ts";
import { HARD_SECRET } from "./server/clients.ts";
import { startedServer } from "./started-server.ts";

const server = startedServer();
const FILES = "https://files.example/";

describe("resource indicators of oidc-provider (RFC 8707)", () => {
  it("make a token of client credentials one for that API", async () => {
    const scheme = clientCredentials({
      issuer: server().issuer,
      clientId: "by basic: 100%+1",
      clientSecret: HARD_SECRET,
      scope: ["read", "write"],
      resource: FILES,
    });
    const response = await scheme(fetch)(server().api);
    expect(await response.json()).toMatchObject({ resource: FILES, scope: "read write" });
  });

  it("go along with the question, the code and the refresh token (§2.1, §2.2)", async () => {
    const scheme = authorizationCode({
      issuer: server().issuer,
      clientId: "cli",
      scope: "openid read",
      resource: FILES,
      authorize: async (urlFor) => new Browser().authorize(urlFor("http://127.0.0.1/callback")),
    });
    const authFetch = scheme(fetch);
    expect(await (await authFetch(server().api)).json()).toMatchObject({ resource: FILES, scope: "read" });
    server().voidAccessTokens();
    expect(await (await authFetch(server().api)).json()).toMatchObject({ resource: FILES, scope: "read" });
  });

  it("that the server doesn't know are refused with its own error (§2 invalid_target)", async () => {
    const scheme = clientCredentials({
      issuer: server().issuer,
      clientId: "by basic: 100%+1",
      clientSecret: HARD_SECRET,
      resource: "https://unknown.example/",
    });
    await expect(scheme(fetch)(server().api)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      error: "invalid_target",
    });
  });
});
