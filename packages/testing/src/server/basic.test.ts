import { expect, test } from "vitest";
import { basicServer } from "./basic.ts";
import type { LoopbackServer } from "./loopback-server.ts";

const encoded = (text: string, encoding: BufferEncoding = "utf8"): string =>
  `Basic ${Buffer.from(text, encoding).toString("base64")}`;

async function statusOf(server: LoopbackServer, authorization?: string, path = "/"): Promise<number> {
  const response = await fetch(server.url(path), authorization === undefined ? {} : { headers: { authorization } });
  await response.body?.cancel();
  return response.status;
}

test("challenges who sends no credentials, with realm and charset (RFC 7617 §2, §2.1)", async () => {
  await using server = await basicServer({ realm: 'the "wiki"' });
  const response = await fetch(server.url());
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toBe(String.raw`Basic realm="the \"wiki\"", charset="UTF-8"`);
});

test("lets in who has an account, and nobody else", async () => {
  await using server = await basicServer({ accounts: { finley: "secret", "": "", zoë: "a:b €" } });
  const texts = ["finley:secret", ":", "zoë:a:b €", "finley:Secret", "finley:", "zoë:a", "other:secret"];
  const statuses = await Promise.all(texts.map((text) => statusOf(server, encoded(text))));
  expect(statuses).toEqual([200, 200, 200, 401, 401, 401, 401]);
});

test("knows no account by the names of Object.prototype", async () => {
  await using server = await basicServer({ accounts: {} });
  expect(await statusOf(server, encoded("constructor:undefined"))).toBe(401);
});

test("reads the scheme in any letter case (RFC 9110 §11.1), and no other scheme", async () => {
  await using server = await basicServer();
  const token = encoded("finley:secret").slice(6);
  expect(await statusOf(server, `bAsIc ${token}`)).toBe(200);
  expect(await statusOf(server, `Bearer ${token}`)).toBe(401);
});

test("reads names and passwords as Latin-1 where it is told to, and says no charset then", async () => {
  await using server = await basicServer({ accounts: { zoë: "secret" }, encoding: "latin1" });
  expect(await statusOf(server, encoded("zoë:secret", "latin1"))).toBe(200);
  expect(await statusOf(server, encoded("zoë:secret"))).toBe(401);
  expect((await fetch(server.url())).headers.get("www-authenticate")).toBe('Basic realm="authflow"');
});

test("protects the paths that it is told to, with everything below (RFC 7617 §2.2)", async () => {
  await using server = await basicServer({ paths: ["/private"] });
  const paths = ["/", "/private", "/private/a?b", "/privateer"];
  expect(await Promise.all(paths.map((path) => statusOf(server, undefined, path)))).toEqual([200, 401, 401, 200]);
});

test("sends the challenges that it is given, each on a line of its own", async () => {
  await using server = await basicServer({ challenges: ["Negotiate", 'Basic realm="a, b"'] });
  expect((await fetch(server.url())).headers.get("www-authenticate")).toBe('Negotiate, Basic realm="a, b"');
});

test("redirects who is let in, also from an open path into a protected one", async () => {
  await using server = await basicServer({ paths: ["/private"] });
  const open = server.redirect("/private", { path: "/open" });
  expect((await fetch(open)).status).toBe(401);
  const closed = server.redirect("/", { path: "/private/a" });
  expect(await statusOf(server, undefined, closed)).toBe(401);
  expect(await statusOf(server, encoded("finley:secret"), closed)).toBe(200);
  expect(server.requests.map(({ target }) => target.split("?")[0])).toEqual([
    "/open",
    "/private",
    "/private/a",
    "/private/a",
    "/",
  ]);
});
