import { describe, expect, it } from "vitest";
import { API, json, serving, type ServiceOptions } from "./fixtures/server.ts";
import { clientCredentials } from "./index.ts";

/** Answers look-ups from a table of URLs, and the rest as a server does. */
function site(table: Record<string, () => Response>): {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const server = serving({ onApi: () => new Response("welcome") });
  const fetch = async (url: string | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    if (request.url.startsWith(API)) return server(request);
    asked.push(`${request.method} ${request.url}`);
    const answer = table[request.url];
    if (answer) return answer();
    return request.method === "POST"
      ? json({ access_token: "access-1", token_type: "Bearer" })
      : new Response("no", { status: 404 });
  };
  return { fetch, asked };
}
const call = (
  fetch: (url: string, init?: RequestInit) => Promise<Response>,
  options: ServiceOptions,
): Promise<Response> =>
  clientCredentials({ clientId: "service", clientSecret: "s3cret", timeLimit: 300, ...options })(fetch)(API);

describe("the metadata of an issuer", () => {
  it("is that of OpenID (OpenID Connect Discovery §4)", async () => {
    for (const [issuer, at] of [
      ["https://auth.example", "https://auth.example/.well-known/openid-configuration"],
      ["https://auth.example/", "https://auth.example/.well-known/openid-configuration"],
      ["https://auth.example/tenant", "https://auth.example/tenant/.well-known/openid-configuration"],
    ] as const) {
      const metadata = { issuer, token_endpoint: "https://auth.example/token" };
      const { fetch, asked } = site({ [at]: () => json(metadata) });
      for (const given of [issuer, new URL(issuer)]) {
        asked.length = 0;
        await call(fetch, { issuer: given });
        expect(asked).toEqual([`GET ${at}`, "POST https://auth.example/token"]);
      }
    }
  });

  it("is that of OAuth where there is none (RFC 8414 §3)", async () => {
    const issuer = "https://auth.example/tenant";
    const at = "https://auth.example/.well-known/oauth-authorization-server/tenant";
    const { fetch, asked } = site({ [at]: () => json({ issuer, token_endpoint: "https://auth.example/token" }) });
    await call(fetch, { issuer });
    expect(asked).toEqual([
      "GET https://auth.example/tenant/.well-known/openid-configuration",
      `GET ${at}`,
      "POST https://auth.example/token",
    ]);
  });

  it.each([
    ["a page, as applications answer whatever they are asked", () => new Response("<!doctype html>")],
    ["an error of the server's", () => new Response("Oops", { status: 500 })],
    ["an error in JSON", () => json({ error: "not_found" }, 404)],
  ])("is that of OAuth where there is %s", async (_, answer) => {
    const issuer = "https://auth.example";
    const { fetch, asked } = site({
      [`${issuer}/.well-known/openid-configuration`]: answer,
      [`${issuer}/.well-known/oauth-authorization-server`]: () => json({ issuer, token_endpoint: `${issuer}/token` }),
    });
    expect((await call(fetch, { issuer })).status).toBe(200);
    expect(asked).toHaveLength(3);
  });

  it("is not looked for elsewhere where the server is busy, which says nothing about what it has", async () => {
    const issuer = "https://auth.example";
    const busy = (): Response => new Response(null, { status: 429, headers: { "retry-after": "60" } });
    const { fetch, asked } = site({ [`${issuer}/.well-known/openid-configuration`]: busy });
    await expect(call(fetch, { issuer })).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE" });
    expect(asked).toHaveLength(1);
  });

  it("isn't looked up where `tokenEndpoint` is given, and the issuer may be, too", async () => {
    const { fetch, asked } = site({});
    await call(fetch, { issuer: "https://auth.example", tokenEndpoint: "https://auth.example/t?tenant=1" });
    expect(asked).toEqual(["POST https://auth.example/t?tenant=1"]);
  });

  it.each([
    [
      "of another issuer (RFC 8414 §3.3)",
      { issuer: "https://evil.example", token_endpoint: "https://evil.example/token" },
    ],
    ["without an issuer", { token_endpoint: "https://auth.example/token" }],
    ["without a token endpoint", { issuer: "https://auth.example" }],
    ["with a token endpoint that is no URL", { issuer: "https://auth.example", token_endpoint: "/token" }],
  ])("%s is not to be trusted: nothing is sent", async (_, metadata) => {
    const { fetch, asked } = site({ "https://auth.example/.well-known/openid-configuration": () => json(metadata) });
    await expect(call(fetch, { issuer: "https://auth.example", clientSecret: "s3cret" })).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY",
    });
    expect(asked.filter((line) => line.startsWith("POST"))).toEqual([]);
  });

  it("isn't there: an error that says where it was looked for, and the next call looks again", async () => {
    let there = false;
    const issuer = "https://auth.example";
    const { fetch } = site({
      "https://auth.example/.well-known/openid-configuration": () =>
        there ? json({ issuer, token_endpoint: "https://auth.example/token" }) : new Response("no", { status: 404 }),
    });
    const authFetch = clientCredentials({ issuer, clientId: "service", clientSecret: "s3cret", backOff: 0 })(fetch);
    await expect(authFetch(API)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY",
      url: "https://auth.example/.well-known/oauth-authorization-server",
      status: 404,
    });
    there = true;
    await authFetch(API);
  });

  it("is asked for again when the server is down", async () => {
    let count = 0;
    const issuer = "https://auth.example";
    const { fetch } = site({
      "https://auth.example/.well-known/openid-configuration": () =>
        ++count === 1
          ? new Response(null, { status: 503 })
          : json({ issuer, token_endpoint: "https://auth.example/token" }),
    });
    await call(fetch, { issuer, timeLimit: 10_000, random: () => 0 });
    expect(count).toBe(2);
  });
});

describe("plain http", () => {
  it.each(["http://auth.example/token", "http://10.0.0.1/token"])(
    "is refused for the authorization server: %s",
    async (tokenEndpoint) => {
      const { fetch, asked } = site({});
      await expect(call(fetch, { tokenEndpoint, clientSecret: "s3cret" })).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_INSECURE_TRANSPORT",
        url: tokenEndpoint,
      });
      await expect(call(fetch, { issuer: "http://auth.example" })).rejects.toMatchObject({
        code: "ERR_AUTHFLOW_INSECURE_TRANSPORT",
      });
      expect(asked).toEqual([]);
      await call(fetch, { tokenEndpoint, allowInsecure: true });
      expect(asked).toEqual([`POST ${tokenEndpoint}`]);
    },
  );

  it("is refused where https metadata name it", async () => {
    const metadata = { issuer: "https://auth.example", token_endpoint: "http://auth.example/token" };
    const { fetch, asked } = site({ "https://auth.example/.well-known/openid-configuration": () => json(metadata) });
    await expect(call(fetch, { issuer: "https://auth.example" })).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_INSECURE_TRANSPORT",
    });
    expect(asked).toHaveLength(1);
  });

  it.each(["http://localhost:1/token", "http://127.0.0.1:1/token", "http://[::1]:1/token"])(
    "is good enough on this machine: %s",
    async (tokenEndpoint) => {
      const { fetch, asked } = site({});
      await call(fetch, { tokenEndpoint });
      expect(asked).toEqual([`POST ${tokenEndpoint}`]);
    },
  );
});
