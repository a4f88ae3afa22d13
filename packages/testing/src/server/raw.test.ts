import { expect, test } from "vitest";
import { Talk } from "../fixtures/talk.ts";
import { rawServer } from "./raw.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

test("keeps the head byte for byte, with a method that node:http refuses", async () => {
  await using server = await rawServer(() => OK);
  await using talk = await Talk.with(server);
  const head = "patch /a HTTP/1.1\r\nhost:x\r\nX-A:   1\r\nContent-Length: 5\r\n\r\n";
  talk.send(`${head}hello`);
  await talk.until("ok");
  expect(server.requests[0]?.head).toBe(head);
  expect(text(server.requests[0]?.body)).toBe("hello");
});

test("takes the frames off a chunked body, with extensions and trailers (RFC 9112 §7.1)", async () => {
  await using server = await rawServer(() => OK);
  await using talk = await Talk.with(server);
  talk.send("POST / HTTP/1.1", "Transfer-Encoding: chunked", "", "3;a=b", "hel", "2", "lo", "0", "X-T: 1", "", "");
  await talk.until("ok");
  expect(text(server.requests[0]?.body)).toBe("hello");
});

test("takes requests that come in pieces, and several that come at once", async () => {
  await using server = await rawServer(({ head }) => (head.startsWith("GET /3") ? undefined : OK));
  await using talk = await Talk.with(server);
  talk.send("POST /1 HTTP/1.1", "Content-Length: 2", "", "h");
  talk.send("i");
  await talk.until("ok");
  talk.send("GET /2 HTTP/1.1", "", "GET /3 HTTP/1.1", "", "");
  await talk.ended();
  expect(server.requests.map(({ head, socket }) => [head.split(" ")[1], socket])).toEqual([
    ["/1", 1],
    ["/2", 1],
    ["/3", 1],
  ]);
  expect(talk.received).toBe(OK + OK);
});

test("throws at its close what a handler has thrown", async () => {
  const server = await rawServer(() => {
    throw new Error("not as expected");
  });
  await expect(fetch(server.url())).rejects.toThrow("fetch failed");
  await expect(server.close()).rejects.toThrow("not as expected");
});
