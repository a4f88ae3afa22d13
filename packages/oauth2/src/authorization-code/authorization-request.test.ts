import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { codeServer, login, REDIRECT_URI } from "../fixtures/code-login.ts";

const query = (url: URL): Record<string, string> => Object.fromEntries(url.searchParams);

describe("the URL that a person is shown", () => {
  it("asks for a code (RFC 6749 §4.1.1), with a challenge by S256 (RFC 7636 §4.3)", async () => {
    const url = await login(codeServer(), { scope: ["read", "write"] });
    expect(url.origin + url.pathname).toBe("https://auth.example.com/authorize");
    expect(query(url)).toEqual({
      response_type: "code",
      client_id: "app",
      redirect_uri: REDIRECT_URI,
      scope: "read write",
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: "S256",
    });
  });

  it("holds the hash of the verifier, which goes to the token endpoint only (RFC 7636 §4.1, §4.2, §4.5)", async () => {
    const server = codeServer();
    const url = await login(server);
    const verifier = server.forms[0]?.get("code_verifier") ?? "";
    expect(verifier).toMatch(/^[\w.~-]{43,128}$/);
    expect(url.searchParams.get("code_challenge")).toBe(createHash("sha256").update(verifier).digest("base64url"));
    expect(url.href).not.toContain(verifier);
  });

  it("has a state, a challenge and a nonce of its own in each login (RFC 6749 §10.12)", async () => {
    const urls: URL[] = [];
    for (let count = 0; count < 2; count++) {
      const server = codeServer();
      const call = login(server, { scope: "openid" }, (url) => {
        urls.push(url);
        return "https://app.example.com/callback?code=c1";
      });
      await expect(call).rejects.toThrow("No code was exchanged.");
    }
    for (const name of ["state", "code_challenge", "nonce"]) {
      expect(new Set(urls.map(({ searchParams }) => searchParams.get(name))).size).toBe(2);
    }
  });

  it("keeps the query of the endpoint (RFC 6749 §3.1)", async () => {
    const server = codeServer({
      authorization_endpoint: "https://auth.example.com/authorize?tenant=a%20b&state=theirs",
    });
    const { searchParams } = await login(server);
    expect(searchParams.get("tenant")).toBe("a b");
    expect(searchParams.getAll("state")).toHaveLength(1);
    expect(searchParams.get("state")).not.toBe("theirs");
  });

  it("names each resource (RFC 8707 §2.1)", async () => {
    const resource = ["https://a.example/", "https://b.example/"];
    const server = codeServer();
    expect((await login(server, { resource })).searchParams.getAll("resource")).toEqual(resource);
    expect(server.forms[0]?.getAll("resource")).toEqual(resource); // §2.2
  });

  it("takes further parameters, which replace none of its own", async () => {
    const authorizationParameters = {
      prompt: "consent",
      state: "x",
      code_challenge_method: "plain",
      client_id: "evil",
    };
    const { searchParams } = await login(codeServer(), { authorizationParameters });
    expect(searchParams.get("prompt")).toBe("consent");
    expect(searchParams.getAll("code_challenge_method")).toEqual(["S256"]);
    expect(searchParams.getAll("client_id")).toEqual(["app"]);
    expect(searchParams.get("state")).not.toBe("x");
  });

  it("is that of `authorizationEndpoint`, whatever the metadata says", async () => {
    const authorizationEndpoint = new URL("https://login.example.com/start");
    expect((await login(codeServer(), { authorizationEndpoint })).host).toBe("login.example.com");
  });

  it.each([
    ["plain", ["plain"]],
    ["nothing", []],
  ])("isn't made for a server that knows %s but S256 (RFC 7636 §7.2)", async (_, methods) => {
    await expect(login(codeServer({ code_challenge_methods_supported: methods }))).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY",
      message: expect.stringContaining('doesn\'t know the code challenge method "S256"') as string,
    });
  });

  it("is made for a server that doesn't say what it knows: one without PKCE ignores the challenge (RFC 7636 §5)", async () => {
    const url = await login(codeServer({ code_challenge_methods_supported: undefined }));
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
  });

  it.each([
    ["none", undefined, "names no authorization endpoint"],
    ["one that runs", "javascript:alert(1)", "is no https URL"],
    ["a file", "file:///etc/passwd", "is no https URL"],
    ["plain http", "http://auth.example.com/authorize", "is no https URL"],
    ["half a URL", "/authorize", "is no https URL"],
  ])("isn't made of %s", async (_, endpoint, message) => {
    await expect(login(codeServer({ authorization_endpoint: endpoint }))).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY",
      message: expect.stringContaining(message) as string,
    });
  });

  it("may be plain http to this machine, and elsewhere with `allowInsecure`", async () => {
    const onThisMachine = codeServer({ authorization_endpoint: "http://127.0.0.1:8080/authorize" });
    expect((await login(onThisMachine)).protocol).toBe("http:");
    const elsewhere = codeServer({ authorization_endpoint: "http://auth.example.com/authorize" });
    expect((await login(elsewhere, { allowInsecure: true })).protocol).toBe("http:");
  });
});
