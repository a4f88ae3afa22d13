import { inspect } from "node:util";
import { exchangesOf, historyOf } from "@authflow/flow";
import { describe, expect, it } from "vitest";
import { API, json, serving, settled, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import {
  type ClientAuthentication,
  clientCredentials,
  clientSecretJwt,
  clientSecretPost,
  jwtBearer,
  OAuth2Error,
  type OAuth2Options,
  refreshToken,
  tokenExchange,
} from "./index.ts";

/** Everything that somebody may print of a value. */
function printed(...values: readonly unknown[]): string {
  const one = (value: unknown): string =>
    [
      inspect(value, { depth: 20, showHidden: true, getters: true }),
      JSON.stringify(value) ?? "",
      String(value),
      value instanceof Error ? `${value.stack}${printed(value.cause)}` : "",
    ].join("\n");
  return values
    .filter((value) => value !== undefined)
    .map(one)
    .join("\n");
}
/** What the history of an error shows of the requests. (An error of the transport is the transport's.) */
const requestsOf = (error: unknown): unknown =>
  exchangesOf(error as Error).map(({ request }) => [request, [...request.headers]]);
type Proof = { readonly clientSecret: string } | { readonly clientAuth: ClientAuthentication };
const PLANTED = /pl4nted/;
const SECRET = "pl4nted-s3cret %:+/ä";

describe("secrets", () => {
  it("are in no scheme", async () => {
    const server = serving({
      onToken: () => json({ access_token: "pl4nted-a", token_type: "Bearer", refresh_token: "pl4nted-r" }),
      onApi: () => new Response(),
    });
    for (const scheme of [
      clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: SECRET }),
      clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientAuth: clientSecretPost(SECRET) }),
      refreshToken({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens: "pl4nted-login" }),
      jwtBearer({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", assertion: "pl4nted-assertion" }),
    ]) {
      await scheme(server)(API);
      expect(printed(scheme, Object.entries(scheme))).not.toMatch(PLANTED);
    }
  });

  it("are in no event and no history, which hides the token requests", async () => {
    const seen: unknown[] = [];
    let count = 0;
    const server = serving({
      onToken: () =>
        ++count === 2
          ? json({ error: "invalid_grant", error_description: "pl4nted-r1 was used with pl4nted-s3cret %:+/ä" }, 400)
          : json({ access_token: `pl4nted-a${count}`, token_type: "Bearer", refresh_token: `pl4nted-r${count}` }),
      onApi: () => new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } }),
    });
    const listen = (event: unknown): void => void seen.push(event);
    const listeners = { onRefreshed: listen, onFailed: listen, onReauthorize: listen };
    const scheme = tokenExchange({
      tokenEndpoint: TOKEN_ENDPOINT,
      clientId: "app",
      clientAuth: clientSecretPost(SECRET),
      subjectToken: "pl4nted-subject",
      ...listeners,
    });
    const response = await scheme(server, { onExchange: listen })(API);
    await settled();
    expect(seen.length).toBeGreaterThanOrEqual(6);
    expect(printed(seen)).not.toMatch(PLANTED);
    expect(historyOf(response).map(({ request }) => request.url)).toEqual([API]);
    const all = exchangesOf(response);
    expect(all.map(({ side, request }) => [side, request.url])).toEqual([
      [true, TOKEN_ENDPOINT],
      [false, API],
      [true, TOKEN_ENDPOINT],
      [true, TOKEN_ENDPOINT],
      [false, API],
    ]);
    expect(
      printed(
        all,
        all.map(({ request }) => [...request.headers]),
      ),
    ).not.toMatch(PLANTED);
  });

  it.each<[string, () => Response | Promise<Response>]>([
    [
      "a refusal that repeats what it was sent",
      () => json({ error: "invalid_client", error_description: `no: ${SECRET}, pl4nted-subject` }, 401),
    ],
    ["an error code that repeats it", () => json({ error: SECRET, error_uri: `https://x.example/?${SECRET}` }, 400)],
    ["trouble that repeats it", () => json({ error: "server_error", error_description: "pl4nted-subject" }, 503)],
    [
      "an answer that is not to be trusted",
      () => json({ access_token: "pl4nted-a", token_type: "mac", refresh_token: "pl4nted-r" }),
    ],
    ["an answer without a token type", () => json({ access_token: "pl4nted-a" })],
    ["a token that no header can hold", () => json({ access_token: "pl4nted-a\n", token_type: "Bearer" })],
    [
      "a refresh token that is none",
      () => json({ access_token: "a", token_type: "Bearer", refresh_token: ["pl4nted"] }),
    ],
    ["a page", () => new Response("pl4nted-page", { status: 404 })],
    [
      "a transport that repeats it",
      () => Promise.reject(new TypeError(`fetch failed with ${SECRET}`, { cause: new Error("pl4nted-subject") })),
    ],
    [
      "a transport whose error holds the request",
      () =>
        Promise.reject(Object.assign(new Error("HTTP"), { request: { body: "pl4nted-body" }, response: "pl4nted-x" })),
    ],
  ])("are in no error: %s", async (_, answer) => {
    const server = serving({ onToken: answer });
    for (const clientAuth of [clientSecretPost(SECRET), clientSecretJwt(SECRET), undefined]) {
      const clientSecret = clientAuth ? undefined : SECRET;
      const options = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientAuth, clientSecret, timeLimit: 20 };
      const error: unknown = await tokenExchange({ ...options, subjectToken: "pl4nted-subject" })(server)(API).catch(
        (error_: unknown) => error_,
      );
      expect(error).toBeInstanceOf(OAuth2Error);
      expect(printed(error, requestsOf(error))).not.toMatch(PLANTED);
    }
  });

  /** The error of a client whose server answers so. */
  const refused = async (body: object, proof: Proof = { clientSecret: SECRET }): Promise<unknown> => {
    const server = serving({ onToken: () => json(body, 400) });
    const scheme = clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", ...proof });
    return scheme(server)(API).catch((error: unknown) => error);
  };

  it("are in no `details`: not the tokens that a server gives beside an error, whatever their case", async () => {
    const secrets = { access_token: "pl4nted-a", refreshToken: "pl4nted-r", device_code: "pl4nted-c" };
    const error = await refused({
      error: "interaction_required",
      mfa_token: "pl4nted-m",
      session: { ID_TOKEN: { jwt: "pl4nted-j" }, list: [secrets] },
      error_codes: [50_076],
      status_code: 7,
      trace_id: "42",
    });
    expect(printed(error)).not.toMatch(PLANTED);
    expect(error).toMatchObject({
      details: expect.stringMatching(/"error_codes":\[50076\],"status_code":7,"trace_id":"42"/) as string,
    });
  });

  it.each([
    ["as it is", (secret: string) => secret],
    ["as a URL has it", encodeURIComponent],
    ["as a form has it", (secret: string) => `${new URLSearchParams({ s: secret })}`],
    ["as JSON has it", JSON.stringify],
    ["as Basic has it", (secret: string) => btoa(`app:${`${new URLSearchParams({ s: secret })}`.slice(2)}`)],
  ])("are in no error, %s", async (_, write) => {
    const secret = `pl4nted'"\\ +/%:ä(`;
    const [text] = [write(secret)];
    for (const options of [{ clientSecret: secret }, { clientAuth: clientSecretPost(secret) }]) {
      if (!("clientSecret" in options) && text.startsWith("YXBw")) continue; // it was sent in no such form
      const error = await refused(
        { error: "invalid_client", error_description: text, error_uri: `https://x.example/?${text}`, details: text },
        options,
      );
      expect(error).toMatchObject({
        error: "invalid_client",
        details: expect.stringContaining("[redacted]") as string,
      });
      expect(printed(error)).not.toMatch(/pl4nted|YXBw/);
    }
  });

  it("are in no error where a caller's own client authentication sends them by Basic (RFC 7617 §2)", async () => {
    const octets = String.fromCharCode(...new TextEncoder().encode("app:pl4nted:ä"));
    const clientAuth = (_server: unknown, _client: unknown, _body: unknown, headers: Headers): void =>
      headers.set("authorization", `Basic ${btoa(octets)}`);
    const error = await refused({ error: "invalid_client", error_description: "not pl4nted:ä" }, { clientAuth });
    expect(error).toMatchObject({ errorDescription: "not [redacted]" });
  });

  it("leave nothing of a long one where a short one is a part of it", async () => {
    const server = serving({
      onToken: () => json({ error: "invalid_scope", error_description: "of pl4nted-abc-r" }, 400),
    });
    const options = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: "abc", tokens: "pl4nted-abc-r" };
    const error = await refreshToken(options)(server)(API).catch((error_: unknown) => error_);
    expect(error).toMatchObject({ errorDescription: "of [redacted]" });
  });

  it.each<[string, Partial<OAuth2Options> & { readonly accessToken?: string }]>([
    ["a token that was given and has a line end", { accessToken: "pl4nted\na" }],
    ["a token that was given and is beyond Latin-1", { accessToken: "pl4nted-☃" }],
    ["a `format` that makes a line end", { format: (token) => `Token ${token}\nx` }],
    ["a `format` that makes no text", { format: ((token: string) => [token]) as never }],
  ])("are in no error of the platform's: %s", async (_, { accessToken = "pl4nted-a", ...options }) => {
    const server = serving();
    const tokens = { accessToken, refreshToken: "r" };
    const scheme = refreshToken({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens, ...options });
    const error: unknown = await scheme(server)(API).catch((error_: unknown) => error_);
    expect(error).toMatchObject({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" });
    expect(printed(error)).not.toMatch(PLANTED);
    expect(server.authorizations).toEqual([]);
  });

  it("of a server forge no line of a log, and fill none", async () => {
    const server = serving({
      onToken: () =>
        json(
          { error: "invalid_client", error_description: `x\r\nERROR all is lost\u001b[2J\u2028${"y".repeat(9999)}` },
          400,
        ),
    });
    const options = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: SECRET };
    const error: unknown = await clientCredentials(options)(server)(API).catch((error_: unknown) => error_);
    const { message, errorDescription } = error as OAuth2Error;
    expect(message).toMatch(/^https:\/\/auth\.example\/token answered invalid_client: x ERROR all is lost \[2J y+\.$/);
    expect(message.length).toBeLessThan(400);
    expect(errorDescription).toMatch(/^x ERROR/);
  });
});

describe("where the token goes", () => {
  const service = { tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: "s3cret" };

  it("to the origin of the call, and nowhere else on a redirect", async () => {
    const server = serving({
      onApi: ({ url }) =>
        url === API
          ? new Response(null, { status: 307, headers: { location: "https://elsewhere.example/" } })
          : new Response(),
    });
    await clientCredentials(service)(server)(API);
    expect(server.authorizations).toEqual(["Bearer access-1", null]);
  });

  it("only to the origins that it is for: elsewhere nothing is sent, and no token fetched", async () => {
    const server = serving();
    const authFetch = clientCredentials({ ...service, origins: ["https://api.example"] })(server);
    expect((await authFetch("https://elsewhere.example/")).status).toBe(401);
    expect([server.forms.length, server.authorizations]).toEqual([0, [null]]);
  });

  it("not over plain http, if that is wished: nothing is sent", async () => {
    const server = serving();
    const authFetch = clientCredentials({ ...service, requireHttps: true })(server);
    await expect(authFetch("http://api.example/?pl4nted=1")).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_INSECURE_TRANSPORT",
      url: "http://api.example/",
    });
    expect(server.forms).toHaveLength(0);
  });

  it("in the header and in the form that an API wants", async () => {
    const sent: (string | null)[] = [];
    const server = serving({
      onApi: (request) => {
        sent.push(request.headers.get("x-token"));
        return sent.length === 1 ? new Response(null, { status: 401 }) : new Response();
      },
    });
    const scheme = clientCredentials({
      ...service,
      header: "x-token",
      format: (token) => `Token ${token}`,
      bare401: true,
    });
    const response = await scheme(server)(API);
    expect(sent).toEqual(["Token access-1", "Token access-2"]);
    expect(historyOf(response).map(({ request }) => request.headers.get("x-token"))).toEqual(["Token [redacted]"]);
  });

  it("nowhere else on a redirect, also where the caller's own header of that name holds it already", async () => {
    const sent: (string | null)[] = [];
    const server = serving({
      onApi: (request) => {
        sent.push(request.headers.get("x-token"));
        return request.url === API
          ? new Response(null, { status: 307, headers: { location: "https://elsewhere.example/" } })
          : new Response();
      },
    });
    const scheme = clientCredentials({ ...service, header: "x-token", format: (token) => token });
    await scheme(server)(API, { headers: { "x-token": "access-1" } });
    expect(sent).toEqual(["access-1", null]);
  });

  it("in place of an Authorization that the request carries", async () => {
    const server = serving();
    await clientCredentials(service)(server)(API, { headers: { authorization: "Bearer old" } });
    expect(server.authorizations).toEqual(["Bearer access-1"]);
  });
});
