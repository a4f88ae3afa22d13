import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Talk } from "../fixtures/talk.ts";
import { type Echo, echoServer } from "./echo.ts";

test("tells method, URL and all header lines as they came, and the SHA-256 of the body", async () => {
  await using server = await echoServer();
  await using talk = await Talk.with(server);
  talk.send("PUT /a?b=c HTTP/1.1", "Host: x", "X-A: 1", "x-a: 2", "Content-Length: 5", "", "hello");
  const [, body = ""] = (await talk.until("complete")).split("\r\n\r\n");
  expect(JSON.parse(body)).toEqual({
    method: "PUT",
    url: `${server.origin}/a?b=c`,
    headers: [
      ["Host", "x"],
      ["X-A", "1"],
      ["x-a", "2"],
      ["Content-Length", "5"],
    ],
    length: 5,
    sha256: createHash("sha256").update("hello").digest("hex"),
    complete: true,
  } satisfies Echo);
});

test("hashes a body of several megabytes whole, and keeps its first 64 KiB", async () => {
  await using server = await echoServer();
  const bytes = new Uint8Array(5_000_000).map((_, index) => index % 251);
  const told = (await (await fetch(server.url(), { method: "POST", body: bytes })).json()) as Echo;
  expect(told.length).toBe(bytes.length);
  expect(told.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(server.requests[0]?.body).toEqual(bytes.slice(0, 65_536));
});

test("tells a body that was cut from one that is whole", async () => {
  await using server = await echoServer();
  await using talk = await Talk.with(server);
  talk.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "5", "hello", "");
  const request = await server.received(1);
  talk.cut();
  await request.ended;
  await request.closed;
  expect(request.complete).toBe(false);
  expect(request.text).toBe("hello");
});
