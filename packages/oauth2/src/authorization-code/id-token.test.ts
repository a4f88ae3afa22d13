import { describe, expect, it } from "vitest";
import { back, codeServer, idToken, login } from "../fixtures/code-login.ts";

const OPENID = { scope: "openid read" };

/** A login with OpenID Connect, whose ID token has these claims. */
async function loginWith(claims: (nonce: string) => Readonly<Record<string, unknown>> | undefined): Promise<void> {
  let nonce = "";
  const server = codeServer({}, () => {
    const given = claims(nonce);
    return given ? { id_token: idToken(given) } : {};
  });
  await login(server, OPENID, (url) => {
    nonce = url.searchParams.get("nonce") ?? "";
    return back(url);
  });
}

describe("an ID token", () => {
  it("is asked for with a nonce, and taken with the same (OpenID Connect Core §3.1.2.1, §3.1.3.7 no. 11)", async () => {
    await loginWith((nonce) => {
      expect(nonce).toMatch(/^[\w-]{43}$/);
      return { nonce };
    });
  });

  it.each<[string, (nonce: string) => Readonly<Record<string, unknown>> | undefined]>([
    ["with another nonce", () => ({ nonce: "of another login" })],
    ["without a nonce", () => ({})],
    ["of another issuer", (nonce) => ({ nonce, iss: "https://evil.example" })],
    ["for another client", (nonce) => ({ nonce, aud: "another" })],
    ["that has expired", (nonce) => ({ nonce, exp: 1 })],
    ["that isn't there", () => undefined],
  ])("makes the login fail, %s (§3.1.3.7)", async (_, claims) => {
    await expect(loginWith(claims)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_RESPONSE" });
  });

  it("is asked for with a list of scopes, too", async () => {
    const server = codeServer({}, () => ({ id_token: idToken({ nonce: "of another login" }) }));
    await expect(login(server, { scope: ["read", "openid"] })).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_RESPONSE",
    });
  });

  it.each([
    ["without the scope openid", { scope: "read openid-connect" }],
    ["without any scope", { scope: undefined }],
    [
      "without an issuer, by which it would be judged",
      {
        ...OPENID,
        issuer: undefined,
        authorizationEndpoint: "https://auth.example.com/authorize",
        tokenEndpoint: "https://auth.example.com/token",
      },
    ],
  ])("isn't asked for %s, and there is no nonce", async (_, options) => {
    const url = await login(codeServer(), options);
    expect(url.searchParams.has("nonce")).toBe(false);
  });
});
