import { describe, expect, it } from "vitest";
import { API, json, type Server, serving, TOKEN_ENDPOINT, type ServiceOptions } from "./fixtures/server.ts";
import { clientCredentials, jwtBearer, memoryStore, refreshToken, tokenExchange } from "./index.ts";

const OPTIONS = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: "s3cret" } as const;
const formOf = (server: Server, index = 0): unknown => {
  const entries = [...(server.forms[index] ?? [])];
  return entries.map(([name, value]) => `${name}=${value}`).toSorted((a, b) => (a < b ? -1 : 1));
};

describe("what every grant asks for", () => {
  it.each<[string, ServiceOptions, readonly string[]]>([
    ["a scope as a text (RFC 6749 §3.3)", { scope: "read write" }, ["scope=read write"]],
    ["a scope as a list", { scope: ["read", "write"] }, ["scope=read write"]],
    ["a resource (RFC 8707 §2)", { resource: "https://a.example/" }, ["resource=https://a.example/"]],
    [
      "resources",
      { resource: ["https://a.example/", "https://b.example/"] },
      ["resource=https://a.example/", "resource=https://b.example/"],
    ],
    ["further parameters", { parameters: { audience: "api", "x y": "ü" } }, ["audience=api", "x y=ü"]],
    [
      "further parameters, which replace none of the others",
      { scope: "read", parameters: { scope: "all", grant_type: "password" } },
      ["scope=read"],
    ],
  ])("%s", async (_, options, expected) => {
    const server = serving();
    await clientCredentials({ ...OPTIONS, ...options })(server)(API);
    expect(formOf(server)).toEqual(["grant_type=client_credentials", ...expected].toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it("is asked for with a refresh, too, which may be for less (§6)", async () => {
    const server = serving();
    await refreshToken({ ...OPTIONS, tokens: server.login(), scope: "read", resource: "https://a.example/" })(server)(
      API,
    );
    expect(formOf(server)).toEqual([
      "grant_type=refresh_token",
      "refresh_token=refresh-0",
      "resource=https://a.example/",
      "scope=read",
    ]);
  });
});

describe("jwtBearer (RFC 7523 §2.1)", () => {
  it("gives an assertion for a token", async () => {
    const server = serving();
    expect((await jwtBearer({ ...OPTIONS, assertion: "a.b.c", scope: "read" })(server)(API)).status).toBe(200);
    expect(formOf(server)).toEqual([
      "assertion=a.b.c",
      "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
      "scope=read",
    ]);
  });

  it("asks a function for a new one each time, and once for all calls", async () => {
    let asked = 0;
    const server = serving();
    const authFetch = jwtBearer({ ...OPTIONS, assertion: async () => `assertion-${++asked}` })(server);
    for (let round = 0; round < 2; round++) {
      await Promise.all(Array.from({ length: 10 }, () => authFetch(API)));
      server.expire();
    }
    expect(server.forms.map((form) => form.get("assertion"))).toEqual(["assertion-1", "assertion-2"]);
  });

  it("tells once that its assertion is refused, until one was good again", async () => {
    let told = 0;
    const server = serving({
      onToken: (_, count) => (count === 3 ? undefined : json({ error: "invalid_grant" }, 400)),
    });
    const authFetch = jwtBearer({
      ...OPTIONS,
      assertion: "a.b.c",
      backOff: 0,
      onReauthorize: () => void told++,
    })(server);
    const refused = expect.objectContaining({ error: "invalid_grant" }) as unknown;
    for (let call = 0; call < 2; call++) await expect(authFetch(API)).rejects.toEqual(refused);
    expect(told).toBe(1);
    expect((await authFetch(API)).status).toBe(200);
    server.expire();
    await expect(authFetch(API)).rejects.toEqual(refused);
    expect(told).toBe(2);
  });

  it("whose assertion is refused is told so, once", async () => {
    const told: unknown[] = [];
    const server = serving({ onToken: () => json({ error: "invalid_grant" }, 400) });
    const authFetch = jwtBearer({
      ...OPTIONS,
      assertion: "old",
      backOff: 0,
      onReauthorize: (event) => void told.push(event.grant),
    })(server);
    for (let call = 0; call < 3; call++) {
      await expect(authFetch(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" });
    }
    expect(told).toEqual(["jwt_bearer"]);
  });

  it("gives a function's error to the calls that wait", async () => {
    const boom = new Error("no key");
    const authFetch = jwtBearer({ ...OPTIONS, assertion: () => Promise.reject(boom) })(serving());
    await expect(authFetch(API)).rejects.toBe(boom);
  });
});

describe("tokenExchange (RFC 8693 §2.1)", () => {
  it("exchanges a token", async () => {
    const server = serving();
    await tokenExchange({ ...OPTIONS, subjectToken: "of-the-user" })(server)(API);
    expect(formOf(server)).toEqual([
      "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
      "subject_token=of-the-user",
      "subject_token_type=urn:ietf:params:oauth:token-type:access_token",
    ]);
  });

  it("says who acts, for whom it is, and what kind is wanted", async () => {
    const server = serving();
    await tokenExchange({
      ...OPTIONS,
      subjectToken: () => "of-the-user",
      subjectTokenType: "jwt",
      actorToken: async () => "of-the-agent",
      actorTokenType: "https://types.example/own",
      requestedTokenType: "id_token",
      audience: ["a", "b"],
      resource: "https://api.example/",
    })(server)(API);
    expect(formOf(server)).toEqual([
      "actor_token=of-the-agent",
      "actor_token_type=https://types.example/own",
      "audience=a",
      "audience=b",
      "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
      "requested_token_type=urn:ietf:params:oauth:token-type:id_token",
      "resource=https://api.example/",
      "subject_token=of-the-user",
      "subject_token_type=urn:ietf:params:oauth:token-type:jwt",
    ]);
  });

  it("keeps users apart who share a store", async () => {
    const server = serving();
    const store = memoryStore();
    const user = (subjectToken: string | (() => string)): typeof server =>
      tokenExchange({ ...OPTIONS, subjectToken, store })(server);
    for (const subject of ["finley", "olivia", (): string => "finley", (): string => "olivia", "finley"]) {
      await user(subject)(API);
    }
    expect(server.forms.map((form) => form.get("subject_token"))).toEqual(["finley", "olivia", "finley", "olivia"]);
  });

  it("spends a refresh token, if it has one, and exchanges anew when that is refused", async () => {
    const told: string[] = [];
    const server = serving({
      onToken: (form, count) =>
        count === 1
          ? json({ access_token: "a", token_type: "Bearer", refresh_token: "r" })
          : form.has("refresh_token")
            ? json({ error: "invalid_grant" }, 400)
            : undefined,
    });
    const authFetch = tokenExchange({
      ...OPTIONS,
      subjectToken: "t",
      onReauthorize: () => void told.push("reauthorize"),
    })(server);
    expect((await authFetch(API)).status).toBe(200);
    expect(server.forms.map((form) => form.get("grant_type")?.split(":").at(-1))).toEqual([
      "token-exchange",
      "refresh_token",
      "token-exchange",
    ]);
    expect(told).toEqual([]);
  });
});

describe("a token that a grant is made with", () => {
  it.each([undefined, "", 5, null])("is a text or a function: %j is neither", (token) => {
    const invalid = expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }) as Error;
    expect(() => jwtBearer({ ...OPTIONS, assertion: token as never })).toThrow(invalid);
    expect(() => tokenExchange({ ...OPTIONS, subjectToken: token as never })).toThrow(invalid);
    if (token !== undefined) {
      expect(() => tokenExchange({ ...OPTIONS, subjectToken: "t", actorToken: token as never })).toThrow(invalid);
    }
  });
});
