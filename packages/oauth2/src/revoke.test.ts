import { describe, expect, it } from "vitest";
import { API, json, serving, TOKEN_ENDPOINT } from "./fixtures/server.ts";
import { clientCredentials, memoryStore, refreshToken, revoke } from "./index.ts";

const REVOCATION_ENDPOINT = "https://auth.example/revoke";
const OPTIONS = {
  tokenEndpoint: TOKEN_ENDPOINT,
  revocationEndpoint: REVOCATION_ENDPOINT,
  clientId: "app",
  clientSecret: "s3cret",
};

/** A fetch to a revocation endpoint, and what it was sent. */
function revoking(answer: () => Response = () => new Response()): {
  readonly fetch: typeof fetch;
  readonly sent: string[];
} {
  const sent: string[] = [];
  const call = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    sent.push(`${request.url} ${request.headers.get("authorization")} ${await request.text()}`);
    return answer();
  };
  return { fetch: call, sent };
}
const BASIC = `Basic ${btoa("app:s3cret")}`;

describe("revoke (RFC 7009 §2.1)", () => {
  it("gives the refresh token back, and forgets all", async () => {
    const server = serving();
    const scheme = refreshToken({ ...OPTIONS, tokens: server.login() });
    await scheme(server)(API);
    const { fetch, sent } = revoking();
    await revoke(scheme, fetch);
    expect(sent).toEqual([`${REVOCATION_ENDPOINT} ${BASIC} token_type_hint=refresh_token&token=refresh-1`]);
    await expect(scheme(server)(API)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_REAUTHORIZE" });
    expect(server.forms).toHaveLength(1);
  });

  it("gives the access token back where there is no refresh token; the next call gets another", async () => {
    const server = serving();
    const scheme = clientCredentials(OPTIONS);
    await scheme(server)(API);
    const { fetch, sent } = revoking();
    await revoke(scheme, fetch);
    expect(sent).toEqual([`${REVOCATION_ENDPOINT} ${BASIC} token_type_hint=access_token&token=access-1`]);
    await scheme(server)(API);
    expect(server.authorizations).toEqual(["Bearer access-1", "Bearer access-2"]);
  });

  it("takes the tokens out of the store, also when this start hasn't used them", async () => {
    const server = serving();
    const store = memoryStore({ key: "mine" });
    await clientCredentials({ ...OPTIONS, store })(server)(API);
    const { fetch, sent } = revoking();
    await revoke(clientCredentials({ ...OPTIONS, store }), fetch);
    expect(sent).toHaveLength(1);
    await clientCredentials({ ...OPTIONS, store })(server)(API);
    expect(server.forms).toHaveLength(2);
  });

  it("does nothing where there are no tokens", async () => {
    const { fetch, sent } = revoking();
    await revoke(clientCredentials(OPTIONS), fetch);
    expect(sent).toEqual([]);
  });

  it("waits for a refresh that is under way: its tokens are revoked, not the spent ones", async () => {
    const server = serving();
    const scheme = refreshToken({ ...OPTIONS, tokens: server.login() });
    const call = scheme(server)(API);
    const { fetch, sent } = revoking();
    const [response] = await Promise.all([call, Promise.resolve().then(() => revoke(scheme, fetch))]);
    expect(response.status).toBe(200);
    expect(sent).toEqual([expect.stringMatching(/token=refresh-1$/)]);
  });

  it("is retried when the server is down, and fails with what it says; the tokens are forgotten all the same", async () => {
    const server = serving();
    const scheme = clientCredentials({ ...OPTIONS, timeLimit: 500, random: () => 0 });
    await scheme(server)(API);
    const { fetch, sent } = revoking(() => json({ error: "unsupported_token_type" }, 503));
    await expect(revoke(scheme, fetch)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_OAUTH2_UNAVAILABLE",
      error: "unsupported_token_type",
    });
    expect(sent.length).toBeGreaterThan(1);
    await revoke(scheme, fetch);
    await scheme(server)(API);
    expect(server.forms).toHaveLength(2);
  });

  it("needs to know where", async () => {
    const server = serving();
    const scheme = clientCredentials({ ...OPTIONS, revocationEndpoint: undefined });
    await scheme(server)(API);
    await expect(revoke(scheme, revoking().fetch)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_DISCOVERY" });
  });

  it("is for schemes of this package", async () => {
    await expect(revoke({})).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_OPTION" });
  });
});
