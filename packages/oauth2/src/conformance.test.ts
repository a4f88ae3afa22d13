import { clientCredentials as made, memoryStore, OAuth2Error, refreshToken } from "./index.ts";
import { historyOf } from "@authflow/flow";
import { echoServer } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { conformance } from "./fixtures/cases.ts";
import { API, held, json, refusal, serving, settled, TOKEN_ENDPOINT, type ServiceOptions } from "./fixtures/server.ts";

const clientCredentials = (options: ServiceOptions = {}): ReturnType<typeof made> =>
  made({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", clientSecret: "s3cret", ...options });
const statuses = async (calls: readonly Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(calls)).map(({ status }) => status);
const failureOf = async (call: Promise<Response>): Promise<OAuth2Error> => {
  const error: unknown = await call.catch((error_: unknown) => error_);
  expect(error).toBeInstanceOf(OAuth2Error);
  return error as OAuth2Error; // as was just seen
};

const holds: Readonly<Record<string, () => Promise<void>>> = {
  async "ha-oauth2-cc"() {
    const server = serving();
    const store = memoryStore();
    for (let instance = 0; instance < 2; instance++) await clientCredentials({ store })(server)(API);
    expect(server.forms.map(String)).toEqual(["grant_type=client_credentials"]);
    expect(server.tokenRequests[0]?.headers.get("authorization")).toBe(`Basic ${btoa("app:s3cret")}`);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-1"]);
    const sent: (string | null)[] = [];
    const own = serving({
      onApi: ({ headers }) => {
        sent.push(headers.get("x-token"));
        return new Response();
      },
    });
    await clientCredentials({ header: "x-token", format: (token) => `Token ${token}` })(own)(API);
    expect(sent).toEqual(["Token access-1"]);
  },

  async "ha-early-expiry"() {
    for (const [earlyExpiry, left, calls] of [
      [undefined, 30, 2],
      [undefined, 31, 1],
      [0, 1, 1],
      [0, 0, 2],
    ] as const) {
      let now = 0;
      const server = serving({ expiresIn: 3600 });
      const authFetch = clientCredentials({ earlyExpiry, now: () => now, random: () => 0 })(server);
      await authFetch(API);
      now = (3600 - left) * 1000;
      await authFetch(API);
      expect(server.forms).toHaveLength(calls);
    }
  },

  async "ha-expires-in-str"() {
    let now = 0;
    const server = serving({ expiresIn: "3600" });
    const authFetch = clientCredentials({ now: () => now })(server);
    await authFetch(API);
    now = 3600 * 1000;
    await authFetch(API);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-2"]);
  },

  async "ha-cache-key"() {
    const server = serving();
    const store = memoryStore();
    for (const client of [{}, { clientId: "another" }, { clientSecret: "another" }, {}]) {
      await clientCredentials({ store, ...client })(server)(API);
    }
    expect(server.forms).toHaveLength(3);
  },

  // All that the server said, in fields of the error; what is a sentence is in the message, too.
  async "ha-error-message"() {
    const body = {
      error: "invalid_client",
      error_description: "no such client",
      error_uri: "https://auth.example/help",
      trace: "42",
    };
    const error = await failureOf(clientCredentials()(serving({ onToken: () => json(body, 400) }))(API));
    expect(error.message).toBe(
      `${TOKEN_ENDPOINT} answered invalid_client: no such client (see https://auth.example/help).`,
    );
    expect(error).toMatchObject({
      error: "invalid_client",
      errorDescription: "no such client",
      errorUri: "https://auth.example/help",
      details: '{"trace":"42"}',
    });
    const bare = await failureOf(
      clientCredentials()(serving({ onToken: () => json({ error: "invalid_scope" }, 400) }))(API),
    );
    expect(bare.message).toBe(`${TOKEN_ENDPOINT} answered invalid_scope.`);
  },

  // HTTPX gives the 401 back, though a token that looks good was revoked; here another one is fetched.
  async "ha-revoked-401"() {
    const server = serving();
    const authFetch = clientCredentials()(server);
    await authFetch(API);
    server.expire();
    const response = await authFetch(API);
    expect([response.status, historyOf(response).map((exchange) => exchange.response?.status)]).toEqual([200, [401]]);
  },

  // While the token endpoint takes its time, everything else goes on.
  async "ha-async-blocks"() {
    const answer = held<undefined>();
    const slow = serving({ onToken: () => answer.promise });
    const call = clientCredentials()(slow)(API);
    await settled();
    expect((await clientCredentials()(serving())(API)).status).toBe(200);
    expect(slow.authorizations).toEqual([]);
    answer.give(undefined);
    expect((await call).status).toBe(200);
  },

  async "al-async-single-flight"() {
    let now = 0;
    const server = serving({ expiresIn: 60 });
    const authFetch = refreshToken({
      tokenEndpoint: TOKEN_ENDPOINT,
      clientId: "app",
      tokens: server.login(),
      now: () => now,
    })(server);
    await authFetch(API);
    now = 60_000;
    expect(await statuses(Array.from({ length: 20 }, () => authFetch(API)))).toEqual(
      Array.from({ length: 20 }, () => 200),
    );
    expect(server.forms).toHaveLength(2);
  },

  // Authlib gives the 401 back.
  async "al-401"() {
    const server = serving({
      onApi: (_, authorization) => (authorization === "Bearer access-1" ? refusal() : undefined),
    });
    expect((await clientCredentials()(server)(API)).status).toBe(200);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-2"]);
  },

  // What frames a message is the platform's: never both, and nothing for a GET.
  async "al-framing"() {
    await using echo = await echoServer();
    const server = serving();
    const network = (url: string | Request, init?: RequestInit): Promise<Response> =>
      url === echo.url() ? fetch(url, init) : server(url, init);
    const authFetch = clientCredentials()(network);
    const body = new Blob(["a piece, ", "and another"]).stream();
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    for (const one of [init, { method: "POST", body: "text" }, { method: "GET" }]) await authFetch(echo.url(), one);
    const framing = echo.requests.map(({ method, headers }) => [
      method,
      headers.get("content-length"),
      headers.get("transfer-encoding"),
    ]);
    expect(framing).toEqual([
      ["POST", null, "chunked"],
      ["POST", "4", null],
      ["GET", null, null],
    ]);
    expect(echo.requests[0]?.text).toBe("a piece, and another");
  },
};

describe("conformance/httpx-behaviours.json, the areas httpx_auth and authlib", () => {
  const { cases } = conformance("httpx-behaviours.json") as { cases: readonly { id: string; area: string }[] };
  // Keys and composition are other packages' business; logins have their tests beside them, in authorization-code/.
  const others = new Set([
    "ha-header-key",
    "ha-query-key",
    "ha-multi",
    "ha-multi-second-step",
    "ha-refresh",
    "ha-state-unchecked",
  ]);
  const own = cases.filter(({ area, id }) => /^(httpx_auth|authlib)$/.test(area) && !others.has(id));

  it("are tested whole", () => {
    expect(own.map(({ id }) => id)).toEqual(Object.keys(holds));
  });

  it.each(Object.entries(holds))("%s", (_, hold) => hold());
});
