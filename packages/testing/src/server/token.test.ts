import { expect, test } from "vitest";
import { type TokenServer, tokenServer } from "./token.ts";

async function get(server: TokenServer, token?: string): Promise<[status: number, challenge: string | null]> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(server.url("/data"), { headers });
  await response.body?.cancel();
  return [response.status, response.headers.get("www-authenticate")];
}

async function post(
  server: TokenServer,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<[status: number, answer: unknown]> {
  const response = await fetch(server.tokenUrl, { method: "POST", body: new URLSearchParams(form), headers });
  return [response.status, await response.json()];
}

test("challenges without an error who sends no token, and with invalid_token who sends a bad one (RFC 6750 §3)", async () => {
  await using server = await tokenServer({ realm: "api" });
  expect(await get(server)).toEqual([401, 'Bearer realm="api"']);
  expect(await get(server, "made-up")).toEqual([401, 'Bearer realm="api", error="invalid_token"']);
  expect(server.refused).toBe(1);
});

test("issues tokens for client_credentials (RFC 6749 §4.4)", async () => {
  await using server = await tokenServer({ expiresIn: 60 });
  expect(await post(server, { grant_type: "client_credentials" })).toEqual([
    200,
    { access_token: "access-1", token_type: "Bearer", expires_in: 60, refresh_token: "refresh-1" },
  ]);
  expect(await get(server, "access-1")).toEqual([200, null]);
});

test("refuses expired tokens, and issues new ones for the refresh token (RFC 6749 §6)", async () => {
  await using server = await tokenServer();
  const { access_token: token, refresh_token } = server.issue();
  server.expire();
  expect((await get(server, token))[0]).toBe(401);
  const [status] = await post(server, { grant_type: "refresh_token", refresh_token });
  expect(status).toBe(200);
  expect((await get(server, "access-2"))[0]).toBe(200);
  expect([server.issued, server.refreshed, server.refused]).toEqual([2, 1, 1]);
});

test("takes a rotated refresh token once, and one that doesn't rotate again", async () => {
  for (const rotates of [true, false]) {
    await using server = await tokenServer({ rotates });
    const form = { grant_type: "refresh_token", refresh_token: server.issue().refresh_token };
    await post(server, form);
    const again = await post(server, form);
    if (rotates) expect(again).toEqual([400, { error: "invalid_grant" }]);
    else expect(again).toMatchObject([200, { access_token: "access-3", refresh_token: "refresh-1" }]);
  }
});

test("lets a token die after a number of uses", async () => {
  await using server = await tokenServer({ uses: 2 });
  const { access_token: token } = server.issue();
  const statuses = [];
  for (let use = 0; use < 3; use++) statuses.push((await get(server, token))[0]);
  expect(statuses).toEqual([200, 200, 401]);
});

test("wants the client to prove itself, form-encoded in Basic or in the form (RFC 6749 §2.3.1)", async () => {
  await using server = await tokenServer({ client: { id: "app 1", secret: "s:e/c" } });
  const form = { grant_type: "client_credentials" };
  const basic = { authorization: `Basic ${btoa("app+1:s%3Ae%2Fc")}` };
  expect(await post(server, form)).toEqual([401, { error: "invalid_client" }]);
  expect((await post(server, { ...form, client_id: "app 1", client_secret: "wrong" }))[0]).toBe(401);
  expect((await post(server, { ...form, client_id: "app 1", client_secret: "s:e/c" }))[0]).toBe(200);
  expect((await post(server, form, basic))[0]).toBe(200);
});

test("refuses other grants and methods (RFC 6749 §5.2)", async () => {
  await using server = await tokenServer();
  expect(await post(server, { grant_type: "password" })).toEqual([400, { error: "unsupported_grant_type" }]);
  expect((await fetch(server.tokenUrl)).status).toBe(405);
});

test("holds a token request back, or answers it otherwise, as the test says", async () => {
  let calls = 0;
  await using server = await tokenServer({
    onTokenRequest: () => (calls++ === 0 ? { status: 503, body: "{}" } : undefined),
  });
  const form = { grant_type: "client_credentials" };
  expect((await post(server, form))[0]).toBe(503);
  expect((await post(server, form))[0]).toBe(200);
});
