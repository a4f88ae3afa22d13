import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { back, codeServer, ISSUER, login, REDIRECT_URI } from "../fixtures/code-login.ts";

const UNTRUSTED = "ERR_AUTHFLOW_OAUTH2_AUTHORIZATION";

describe("what comes back", () => {
  it("has its code exchanged, with the redirect URI and the verifier (RFC 6749 §4.1.3, RFC 7636 §4.5)", async () => {
    const server = codeServer();
    await login(server, { scope: "read", parameters: { audience: "api" } });
    expect(Object.fromEntries(server.forms[0] ?? [])).toEqual({
      grant_type: "authorization_code",
      client_id: "app",
      code: "the-code",
      redirect_uri: REDIRECT_URI,
      code_verifier: expect.any(String) as string,
      audience: "api",
    });
    expect(server.tokens).toEqual(["Bearer t1"]);
  });

  it.each<[string, string, (url: URL) => string]>([
    ["another state (RFC 6749 §10.12)", 'unexpected "state"', (url) => back(url, { state: "of another" })],
    ["no state", '"state" missing', (url) => back(url, { state: undefined })],
    ["two states", '"state" parameter must be provided only once', (url) => `${back(url)}&state=other`],
    ["another issuer (RFC 9207 §2.4)", 'unexpected "iss"', (url) => back(url, { iss: "https://evil.example" })],
    [
      "an issuer with a slash more: letters are compared",
      'unexpected "iss"',
      (url) => back(url, { iss: `${ISSUER}/` }),
    ],
    ["two issuers", '"iss" parameter must be provided only once', (url) => `${back(url, { iss: ISSUER })}&iss=x`],
    ["no code", "is without a code", (url) => back(url, { code: undefined })],
    ["an empty code", "is without a code", (url) => back(url, { code: "" })],
    ["two codes", "or has several", (url) => `${back(url)}&code=other`],
    ["a token of the implicit grant", "implicit and hybrid", (url) => back(url, { id_token: "x.y.z" })],
    ["another state with an error", 'unexpected "state"', (url) => back(url, { state: "x", error: "access_denied" })],
    ["no URL", "is no URL", () => "/callback?code=the-code"],
  ])("is refused, and nothing exchanged: %s", async (_, message, answer) => {
    const server = codeServer();
    await expect(login(server, {}, answer)).rejects.toMatchObject({
      code: UNTRUSTED,
      message: expect.stringContaining(message) as string,
    });
    expect(server.forms).toEqual([]);
  });

  it("has to say whose it is where the server announces that it does (RFC 9207 §2.4)", async () => {
    const metadata = { authorization_response_iss_parameter_supported: true };
    await expect(login(codeServer(metadata))).rejects.toMatchObject({ code: UNTRUSTED });
    const server = codeServer(metadata);
    await login(server, {}, (url) => back(url, { iss: ISSUER }));
    expect(server.forms).toHaveLength(1);
  });

  it("is refused if it says whose it is and no `issuer` is given to compare it with", async () => {
    const endpoints = {
      issuer: undefined,
      authorizationEndpoint: `${ISSUER}/authorize`,
      tokenEndpoint: `${ISSUER}/token`,
    };
    const call = login(codeServer(), endpoints, (url) => back(url, { iss: ISSUER }));
    await expect(call).rejects.toMatchObject({
      code: UNTRUSTED,
      message: expect.stringContaining("Give `issuer`") as string,
    });
  });

  it("is the server's refusal: its error, its description (RFC 6749 §4.1.2.1)", async () => {
    const server = codeServer();
    const uri = "https://auth.example.com/help";
    const refusal = { error: "access_denied", error_description: "Ask your\r\nadministrator", error_uri: uri };
    await expect(login(server, {}, (url) => back(url, refusal))).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_REFUSED",
      message: `The authorization server answered access_denied: Ask your administrator (see ${uri}).`,
      error: "access_denied",
      errorUri: uri,
      errorDescription: "Ask your administrator",
    });
    expect(server.forms).toEqual([]);
  });

  it("is told in no more letters than a log can take", async () => {
    const refusal = { error: "access_denied", error_description: "a".repeat(301) };
    await expect(login(codeServer(), {}, (url) => back(url, refusal))).rejects.toMatchObject({
      errorDescription: "a".repeat(300),
    });
  });

  it.each<[string, (url: URL) => string]>([
    ["of another login", (url) => back(url, { state: "other-state" })],
    ["of another issuer", (url) => back(url, { iss: "https://evil.example" })],
    ["a refusal", (url) => back(url, { error: "access_denied" })],
  ])("leaves no code and no state in an error: %s", async (_, answer) => {
    let state = "";
    const failure: unknown = await login(codeServer(), {}, (url) => {
      state = url.searchParams.get("state") ?? "";
      return answer(url);
    }).catch((error: unknown) => error);
    const shown = `${inspect(failure, { depth: 9, showHidden: true })}${JSON.stringify(failure)}`;
    for (const secret of [state, "the-code", "other-state"]) expect(shown).not.toContain(secret);
  });
});
