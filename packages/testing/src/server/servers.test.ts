import { expect, test } from "vitest";
import { basicServer } from "./basic.ts";
import { type Echo, echoServer } from "./echo.ts";
import { startOrigins } from "./redirect.ts";

test("echoes method, URL, headers and the digest of the body", async () => {
  await using server = await echoServer();
  const response = await fetch(server.url("/a?b=c"), { method: "PUT", body: "hello", headers: { "X-A": "1" } });
  const told = (await response.json()) as Echo;
  expect(told).toMatchObject({ method: "PUT", url: server.url("/a?b=c"), length: 5, complete: true });
  expect(told.sha256).toBe("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  expect(server.requests).toHaveLength(1);
  expect(server.sockets).toBe(1);
});

test("wants Basic credentials", async () => {
  await using server = await basicServer({ realm: "wiki" });
  expect((await fetch(server.url())).status).toBe(401);
  const authorization = `Basic ${btoa("finley:secret")}`;
  expect((await fetch(server.url(), { headers: { authorization } })).status).toBe(200);
});

test("redirects from origin to origin and back", async () => {
  await using origins = await startOrigins({ a: {}, b: { hostname: "localhost" } });
  const { a, b } = origins.servers;
  const response = await fetch(a.redirect(b.redirect(a.url("/end"), { status: 307 })));
  expect(response.url).toBe(a.url("/end"));
  expect(origins.requests.map(({ url }) => new URL(url).origin)).toEqual([a.origin, b.origin, a.origin]);
});
