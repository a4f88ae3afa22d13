import { expect, test } from "vitest";
import { Talk } from "../fixtures/talk.ts";
import { startOrigins } from "./origins.ts";

test.each([301, 302, 303, 307, 308, 300])("redirects with %i", async (status) => {
  await using origins = await startOrigins({ a: {} });
  const { a } = origins.servers;
  const response = await fetch(a.redirect("/end", { status, path: "/private/x" }), { redirect: "manual" });
  expect([response.status, response.headers.get("location")]).toEqual([status, "/end"]);
  expect(new URL(origins.requests[0]?.url ?? "").pathname).toBe("/private/x");
});

test("goes from origin to origin and back, and logs the requests to all of them in order", async () => {
  await using origins = await startOrigins({ a: {}, b: {}, c: { hostname: "localhost" } });
  const { a, b, c } = origins.servers;
  const response = await fetch(a.redirect(b.redirect(c.redirect(a.url("/end"), { status: 307 }))));
  expect(response.url).toBe(a.url("/end"));
  expect(origins.requests.map(({ url }) => new URL(url).origin)).toEqual([a.origin, b.origin, c.origin, a.origin]);
  expect(new Set([a.origin, b.origin, c.origin]).size).toBe(3);
});

test.each([
  "//127.0.0.2/x",
  "http://user:pass%20word@127.0.0.1:1/",
  "http://[::bad",
  "",
  "?a=b#c",
  "https://caf\u00e9.test/\u20ac",
])("writes the Location %j as it is given", async (location) => {
  await using origins = await startOrigins({ a: {} });
  await using talk = await Talk.with(origins.servers.a);
  const { pathname, search } = new URL(origins.servers.a.redirect(location));
  talk.send(`GET ${pathname}${search} HTTP/1.1`, "Host: x", "Connection: close", "", "");
  await talk.ended();
  const [, written] = /^Location: (.*)$/m.exec(talk.received.replaceAll("\r\n", "\n")) ?? [];
  expect(written).toBe(Buffer.from(location).toString("latin1"));
});

test("loops without an end, and fetch gives up after 20", async () => {
  await using origins = await startOrigins({ a: {} });
  await expect(fetch(origins.servers.a.loop())).rejects.toThrow("fetch failed");
  expect(origins.requests).toHaveLength(21);
});

test("loops over two origins", async () => {
  await using origins = await startOrigins({ a: {}, b: {} });
  const { a, b } = origins.servers;
  const response = await fetch(a.redirect(b.loop()), { redirect: "manual" });
  expect(response.headers.get("location")).toBe(b.loop());
});

test("sends other header fields along", async () => {
  await using origins = await startOrigins({ a: {} });
  const url = origins.servers.a.redirect("/end", { headers: { "Set-Cookie": "a=b" } });
  const response = await fetch(url, { redirect: "manual" });
  expect(response.headers.getSetCookie()).toEqual(["a=b"]);
});

test("redirects after it has read the body", async () => {
  await using origins = await startOrigins({ a: {} });
  const { a } = origins.servers;
  await using talk = await Talk.with(a);
  const { pathname, search } = new URL(a.redirect("/end", { status: 307 }));
  talk.send(`POST ${pathname}${search} HTTP/1.1`, "Host: x", "Content-Length: 5", "", "");
  await a.received(1);
  await fetch(a.url()); // by now an answer that did not wait would be here
  expect(talk.received).toBe("");
  talk.send("hello");
  await talk.until("307 Temporary Redirect");
  expect(origins.requests[0]?.text).toBe("hello");
});
