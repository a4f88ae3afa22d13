import { createHmac, createVerify, generateKeyPairSync } from "node:crypto";
import { ClientSecretPost, TlsClientAuth } from "oauth4webapi";
import { describe, expect, it, vi } from "vitest";
import { API, ISSUER, serving, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import { type ClientAuthentication, clientCredentials, clientSecretBasic } from "./index.ts";
import { clientSecretJwt, clientSecretPost, type OAuth2Options, privateKeyJwt, refreshToken } from "./index.ts";

/** What a client sends to the token endpoint. */
async function sent(
  options: ({ readonly clientSecret: string } | { readonly clientAuth: ClientAuthentication }) & Partial<OAuth2Options>,
): Promise<{ readonly form: URLSearchParams; readonly authorization: string | null }> {
  const server = serving();
  const response = await clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", ...options })(server)(
    API,
  );
  expect(response.status).toBe(200);
  const [form = new URLSearchParams()] = server.forms;
  return { form, authorization: server.tokenRequests[0]?.headers.get("authorization") ?? null };
}

/** A server's view of Basic: decoded, split at the first colon, each part form-decoded (RFC 6749 §2.3.1). */
function readBasic(authorization: string | null): (string | undefined)[] {
  const [, encoded = ""] = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(authorization ?? "") ?? [];
  const text = atob(encoded);
  expect(text).toMatch(/^[\x21-\x7e]*$/);
  const colon = text.indexOf(":");
  return [text.slice(0, colon), text.slice(colon + 1)].map(
    (part) => new URLSearchParams(`x=${part}`).get("x") ?? undefined,
  );
}

const SECRETS = [
  "s3cret",
  "100%",
  "a:b",
  "a+b",
  "a/b",
  "a b",
  " ",
  "pässwörd",
  "日本",
  "🔑",
  "%41",
  "a&b=c?d#e",
  "~!*'()-._",
  '"\\',
];

describe("client_secret_basic (RFC 6749 §2.3.1)", () => {
  it("is what `clientSecret` stands for", async () => {
    expect(await sent({ clientSecret: "s3cret" })).toEqual(await sent({ clientAuth: clientSecretBasic("s3cret") }));
  });

  it.each(SECRETS)("form-encodes id and secret before it joins them: %j", async (secret) => {
    const { form, authorization } = await sent({ clientId: `id ${secret}`, clientSecret: secret });
    expect(readBasic(authorization)).toEqual([`id ${secret}`, secret]);
    expect(form.toString()).toBe("grant_type=client_credentials");
  });

  it("leaves what forms leave, for servers that don't decode", async () => {
    const id = "4f1d3a2c-0b7e-4d57-9d0a-2b8d1f6a_x.y*z";
    expect((await sent({ clientId: id, clientSecret: id })).authorization).toBe(`Basic ${btoa(`${id}:${id}`)}`);
  });
});

describe("client_secret_post (RFC 6749 §2.3.1)", () => {
  it.each(SECRETS)("puts id and secret in the form, and nothing in a header: %j", async (secret) => {
    const { form, authorization } = await sent({ clientAuth: clientSecretPost(secret) });
    expect(Object.fromEntries(form)).toEqual({
      grant_type: "client_credentials",
      client_id: "service",
      client_secret: secret,
    });
    expect(authorization).toBeNull();
  });
});

describe("none", () => {
  it.each([{}, { clientSecret: undefined, clientAuth: undefined }])(
    "is the default of grants for public clients, which say who they are: %j",
    async (proof) => {
      const server = serving();
      const client = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", ...proof };
      expect((await refreshToken({ ...client, tokens: server.login() })(server)(API)).status).toBe(200);
      expect(server.forms[0]?.get("client_id")).toBe("app");
      expect(server.tokenRequests[0]?.headers.get("authorization")).toBeNull();
    },
  );

  it.each([
    ["nothing", {}],
    ["the variable of an environment that isn't set", { clientSecret: process.env["AUTHFLOW_TEST_UNSET"] }],
    ["no client authentication", { clientAuth: undefined }],
  ])("is no way to prove who one is for client credentials (RFC 6749 §4.4): %s is refused at once", (_, proof) => {
    const options = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", ...proof };
    expect(() => clientCredentials(options as never)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: "`clientSecret` (or `clientAuth`) is no text, or empty. Is its environment variable set?",
      }),
    );
  });
});

describe("a certificate (mutual TLS, RFC 8705 §2)", () => {
  it.each<[string, ClientAuthentication]>([
    ["a function", (_server, { client_id: id }, body) => body.set("client_id", id)],
    ["oauth4webapi's", TlsClientAuth()],
  ])("is the connection's, and the form says whose it is, by %s", async (_, clientAuth) => {
    const { form, authorization } = await sent({ clientAuth });
    expect([form.toString(), authorization]).toEqual(["grant_type=client_credentials&client_id=service", null]);
  });
});

/** The parts of an assertion, which is checked by `verify`. */
function readAssertion(
  form: URLSearchParams,
  verify: (signed: string, signature: Buffer) => boolean,
): Record<string, unknown> {
  expect(form.get("client_assertion_type")).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  const [header = "", payload = "", signature = ""] = (form.get("client_assertion") ?? "").split(".");
  expect(verify(`${header}.${payload}`, Buffer.from(signature, "base64url"))).toBe(true);
  const read = (part: string): object => JSON.parse(Buffer.from(part, "base64url").toString()) as object;
  return { ...read(header), ...read(payload) };
}

describe("client_secret_jwt (RFC 7523 §2.2)", () => {
  it("signs who it is, for this server, for a minute, and keeps the secret", async () => {
    const { form, authorization } = await sent({
      issuer: ISSUER,
      clientAuth: clientSecretJwt("s3cret with %:+/ and ä"),
    });
    const claims = readAssertion(form, (signed, signature) =>
      createHmac("sha256", "s3cret with %:+/ and ä").update(signed).digest().equals(signature),
    );
    expect(claims).toMatchObject({ alg: "HS256", iss: "service", sub: "service", aud: ISSUER });
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(60);
    expect(`${form.toString()} ${authorization}`).not.toContain("s3cret");
  });

  it("makes a new one for each attempt: a server may take each once (RFC 7523 §3)", async () => {
    const server = serving({ onToken: (_, count) => (count < 3 ? new Response(null, { status: 503 }) : undefined) });
    const options = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", random: () => 0 };
    await clientCredentials({ ...options, clientAuth: clientSecretJwt("s3cret") })(server)(API);
    expect(new Set(server.forms.map((form) => form.get("client_assertion"))).size).toBe(3);
  });

  it("is for the token endpoint where no issuer is known", async () => {
    const { form } = await sent({ clientAuth: clientSecretJwt("s3cret") });
    expect(readAssertion(form, () => true)).toMatchObject({ aud: TOKEN_ENDPOINT });
  });
});

describe("private_key_jwt (RFC 7523 §2.2)", () => {
  it.each([undefined, "key-1"])("signs with a private key, with kid %s", async (kid) => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const bytes = privateKey.export({ type: "pkcs8", format: "der" });
    const key = await crypto.subtle.importKey("pkcs8", bytes, algorithm, false, ["sign"]);
    const { form } = await sent({ clientAuth: privateKeyJwt(key, kid) });
    const claims = readAssertion(form, (signed, signature) =>
      createVerify("RSA-SHA256").update(signed).verify(publicKey, signature),
    );
    expect(claims).toMatchObject({ alg: "RS256", sub: "service" });
    expect(claims["kid"]).toBe(kid);
  });
});

describe("a client authentication of one's own", () => {
  it("gets the form and the headers, and may take its time", async () => {
    const clientAuth: ClientAuthentication = async (server, client, body, headers) => {
      await Promise.resolve();
      body.set("client_id", client.client_id);
      headers.set("x-for", server.issuer);
    };
    const { form } = await sent({ clientAuth });
    expect(form.get("client_id")).toBe("service");
  });

  it("may be one of oauth4webapi", async () => {
    const { form } = await sent({ clientAuth: ClientSecretPost("s3cret") });
    expect(form.get("client_secret")).toBe("s3cret");
  });

  it.each([new Error("no key"), "no key", null, undefined])(
    "that throws fails the call with what it throws, and is asked again by a later one: %s",
    async (thrown) => {
      const server = serving();
      const clientAuth = vi.fn<() => Promise<void>>(async () => {}).mockRejectedValueOnce(thrown);
      const options = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", clientAuth, backOff: 0 };
      const authFetch = clientCredentials(options)(server);
      await expect(authFetch(API)).rejects.toBe(thrown);
      expect((await authFetch(API)).status).toBe(200);
    },
  );
});

describe("a secret", () => {
  it.each([clientSecretBasic, clientSecretPost, clientSecretJwt])(
    "that is empty or none is refused at once: $name",
    (make) => {
      for (const secret of ["", undefined, 5]) {
        expect(() => make(secret as never)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
      }
    },
  );
});
