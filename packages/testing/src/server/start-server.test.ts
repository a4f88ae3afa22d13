import { expect, test } from "vitest";
import { Talk } from "../fixtures/talk.ts";
import { startServer } from "./start-server.ts";

test("sends a status, several header lines of one name, and a body", async () => {
  await using server = await startServer(() => ({
    status: 401,
    headers: { "WWW-Authenticate": ['Basic realm="a"', "Token"], "X-B": "2" },
    body: "no",
  }));
  await using talk = await Talk.with(server);
  talk.send("GET / HTTP/1.1", "Host: x", "Connection: close", "", "");
  await talk.ended();
  const lines = talk.received.split("\r\n");
  expect(lines[0]).toBe("HTTP/1.1 401 Unauthorized");
  expect(lines.filter((line) => /^(WWW-|X-B|Content-L)/.test(line))).toEqual([
    'WWW-Authenticate: Basic realm="a"',
    "WWW-Authenticate: Token",
    "X-B: 2",
    "Content-Length: 2",
  ]);
  expect(lines.at(-1)).toBe("no");
});

test("sends header values above U+00FF as UTF-8, and those below as Latin-1", async () => {
  await using server = await startServer(() => ({
    headers: [
      ["Location", "/caf\u00e9"],
      ["X-Name", "\u20ac"],
    ],
  }));
  await using talk = await Talk.with(server);
  talk.send("GET / HTTP/1.1", "Host: x", "Connection: close", "", "");
  await talk.ended();
  expect(talk.received).toContain("Location: /caf\xe9\r\n");
  expect(talk.received).toContain("X-Name: \xe2\x82\xac\r\n");
});

test("sends header values below U+0100 as Latin-1 beside a body of text, too", async () => {
  await using server = await startServer(() => ({ headers: { Location: "/caf\u00e9" }, body: "caf\u00e9" }));
  await using talk = await Talk.with(server);
  talk.send("GET / HTTP/1.1", "Host: x", "Connection: close", "", "");
  await talk.ended();
  expect(talk.received).toContain("Location: /caf\xe9\r\n");
  expect(talk.received).toMatch(/\r\n\r\ncaf\xc3\xa9$/);
});

test("sends a body in pieces in chunks", async () => {
  await using server = await startServer(() => ({ body: pieces() }));
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("hel");
    yield new TextEncoder().encode("lo");
  }
  const response = await fetch(server.url());
  expect(response.headers.get("transfer-encoding")).toBe("chunked");
  expect(await response.text()).toBe("hello");
});

test.each([204, 304])("sends no body with a %i", async (status) => {
  await using server = await startServer(() => ({ status }));
  const response = await fetch(server.url());
  expect([response.status, response.headers.has("content-length")]).toEqual([status, false]);
});

test("answers 404 where the handler has no reply", async () => {
  await using server = await startServer(() => undefined);
  expect((await fetch(server.url())).status).toBe(404);
});

test("answers before the body came in, unless the handler waits for it", async () => {
  const lengths: number[] = [];
  await using server = await startServer(async (request) => {
    if (request.target === "/late") await request.ended;
    lengths.push(request.length);
    return {};
  });
  await using talk = await Talk.with(server);
  talk.send("POST /early HTTP/1.1", "Host: x", "Content-Length: 5", "", "");
  await talk.until("200 OK");
  talk.send("hello");
  talk.send("POST /late HTTP/1.1", "Host: x", "Content-Length: 5", "Connection: close", "", "hello");
  await talk.ended();
  expect(lengths).toEqual([0, 5]);
  expect(server.requests.map(({ text, complete }) => [text, complete])).toEqual([
    ["hello", true],
    ["hello", true],
  ]);
});

test("numbers the connections, and the requests by connection", async () => {
  await using server = await startServer(() => ({}));
  await using first = await Talk.with(server);
  first.send("GET / HTTP/1.1", "Host: x", "", "");
  await first.until("200 OK");
  await using second = await Talk.with(server);
  second.send("GET / HTTP/1.1", "Host: x", "", "");
  await second.until("200 OK");
  first.send("GET / HTTP/1.1", "Host: x", "", "");
  await server.received(3);
  expect(server.requests.map(({ socket }) => socket)).toEqual([1, 2, 1]);
  expect(server.sockets).toBe(2);
});

test("waits for a request that is still to come", async () => {
  await using server = await startServer(() => ({}));
  const second = server.received(2);
  await fetch(server.url("/1"));
  await fetch(server.url("/2"));
  expect((await second).target).toBe("/2");
  expect((await server.received(1)).target).toBe("/1");
});

test("throws at its close what a handler has thrown, and gives the client a 500", async () => {
  const server = await startServer(() => {
    throw new Error("not as expected");
  });
  expect((await fetch(server.url())).status).toBe(500);
  await expect(server.close()).rejects.toThrow("not as expected");
  await server.close();
});

test("throws at its close what a body in pieces has thrown, and not that a client went away", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Promise.resolve(new Uint8Array(65_536));
  }
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(65_536);
    throw new RangeError("no more");
  }
  const server = await startServer(({ target }) => ({ body: target === "/endless" ? endless() : broken() }));
  const response = await fetch(server.url("/endless"));
  await response.body?.cancel();
  await server.requests[0]?.closed;
  await server.close();

  const other = await startServer(() => ({ body: broken() }));
  await expect(fetch(other.url()).then((cut) => cut.text())).rejects.toThrow(TypeError);
  await expect(other.close()).rejects.toThrow("no more");
});

test("cuts what is open when it is closed", async () => {
  const server = await startServer((_, wire) => {
    wire.keepSilent();
    return undefined;
  });
  const pending = fetch(server.url());
  await server.received(1);
  await server.close();
  await expect(pending).rejects.toThrow("fetch failed");
  await expect(fetch(server.url())).rejects.toThrow("fetch failed");
});

test("listens at another address, under another name", async () => {
  await using server = await startServer(() => ({}), { hostname: "localhost" });
  expect(server.origin).toMatch(/^http:\/\/localhost:\d+$/);
  expect((await fetch(server.url())).status).toBe(200);
});

test("knows that an upload has ended that was answered early and then given up", async () => {
  await using server = await startServer(() => ({ status: 401 }));
  await using talk = await Talk.with(server);
  talk.send("PUT / HTTP/1.1", "Host: x", "Content-Length: 10", "", "12345");
  await talk.until("401");
  talk.cut();
  const request = await server.received(1);
  await request.ended;
  expect([request.length, request.complete]).toEqual([5, false]);
});
