import { expect, test } from "vitest";
import { Talk } from "../fixtures/talk.ts";
import { type FaultName, FAULTS } from "./faults.ts";
import { type FaultOptions, type FaultyServer, faultyServer } from "./faulty.ts";

async function ask(
  server: FaultyServer,
  name: FaultName,
  options?: FaultOptions,
  ...rest: readonly string[]
): Promise<Talk> {
  const { pathname, search } = new URL(server.fault(name, options));
  const talk = await Talk.with(server);
  talk.send(`POST ${pathname}${search} HTTP/1.1`, "Host: x", ...(rest.length > 0 ? rest : ["", ""]));
  return talk;
}

const UPLOAD = ["Content-Length: 5", "", ""];

test("never answers", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "never-answers", {}, "Content-Length: 5", "", "hello");
  const request = await server.received(1);
  await request.ended;
  expect([request.text, talk.received]).toEqual(["hello", ""]);
});

test("stalls in the head until it is released", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "stalls-in-head", { status: 401 });
  expect(await talk.until("\r\n")).toBe('HTTP/1.1 401 Fault\r\nWWW-Authenticate: Basic realm="authflow"\r\n');
  server.release();
  expect(await talk.until("xx")).toMatch(/\r\nContent-Length: 10\r\n\r\nxxxxxxxxxx$/);
});

test("stalls in the body until it is released", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "stalls-in-body", { bytes: 7 });
  expect(await talk.until("x")).toBe("HTTP/1.1 200 Fault\r\nContent-Length: 7\r\n\r\nxxx");
  server.release();
  expect(await talk.until("xxxxxxx")).toBe("HTTP/1.1 200 Fault\r\nContent-Length: 7\r\n\r\nxxxxxxx");
});

test.each([
  ["ends-in-head", "HTTP/1.1 200 Fault\r\n"],
  ["ends-in-body", "HTTP/1.1 200 Fault\r\nContent-Length: 10\r\n\r\nxxxxx"],
  ["ends-in-chunks", "HTTP/1.1 200 Fault\r\nTransfer-Encoding: chunked\r\n\r\na\r\nxxxxxxxxxx\r\n"],
  ["talks-nonsense", "SMTP/1.1 what?\r\n\r\n"],
] as const)("%s: sends a part and ends the connection", async (name, sent) => {
  await using server = await faultyServer();
  await using talk = await ask(server, name);
  expect(await talk.ended()).toBe("end");
  expect(talk.received).toBe(sent);
});

test("resets the connection when it has read the request, or as soon as its head is there", async () => {
  await using server = await faultyServer();
  await using late = await ask(server, "resets", {}, "Content-Length: 5", "", "hello");
  expect(await late.ended()).toBe("reset");
  await using early = await ask(server, "resets-early", {}, ...UPLOAD);
  expect(await early.ended()).toBe("reset");
  expect(server.requests.map(({ text, complete }) => [text, complete])).toEqual([
    ["hello", true],
    ["", false],
  ]);
});

test("resets the connection in the body when it is released", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "resets-in-body");
  expect(await talk.until("x")).toMatch(/\r\n\r\nxxxxx$/);
  const ended = talk.ended();
  server.release();
  expect(await ended).toBe("reset");
});

test("answers before it has read the body, and reads it then", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "answers-early", { status: 401 }, ...UPLOAD);
  await talk.until("xxxxxxxxxx");
  const request = await server.received(1);
  expect(request.length).toBe(0);
  talk.send("hello");
  await request.ended;
  expect([request.text, request.complete]).toEqual(["hello", true]);
});

test("answers before it has read the body, and ends the connection", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "answers-early-and-ends", { status: 401 }, ...UPLOAD);
  expect(await talk.ended()).toBe("end");
  expect(talk.received).toContain("\r\nConnection: close\r\nContent-Length: 10\r\n\r\nxxxxxxxxxx");
});

test("answers, and never reads the body", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "never-reads", { status: 401 }, ...UPLOAD);
  talk.send("hello");
  await talk.until("xxxxxxxxxx");
  const request = await server.received(1);
  expect([request.length, request.complete]).toEqual([0, false]);
});

test("neither reads nor answers", async () => {
  await using server = await faultyServer();
  await using talk = await ask(server, "never-reads-nor-answers", {}, ...UPLOAD);
  talk.send("hello");
  const request = await server.received(1);
  expect([request.length, talk.received]).toEqual([0, ""]);
});

test("sends more than a client wants, piece by piece", async () => {
  await using server = await faultyServer();
  const response = await fetch(server.fault("sends-much", { status: 401, bytes: 200_000 }));
  expect(response.headers.get("content-length")).toBe("200000");
  expect((await response.text()).length).toBe(200_000);
  const endless = await fetch(server.fault("sends-much", { status: 401, bytes: 2 ** 50 }));
  await endless.body?.cancel();
  await server.requests[1]?.closed;
});

test.each(Object.keys(FAULTS) as FaultName[])(
  "%s with status 401 lets a request with an Authorization through",
  async (name) => {
    await using server = await faultyServer();
    const headers = { authorization: "Basic eA==" };
    const response = await fetch(server.fault(name, { status: 401 }), { method: "POST", body: "hello", headers });
    expect(await response.json()).toMatchObject({ length: 5, complete: true });
  },
);

test("lets no request through where the status is not 401", async () => {
  await using server = await faultyServer();
  const headers = { authorization: "Basic eA==" };
  await expect(fetch(server.fault("resets"), { headers })).rejects.toThrow("fetch failed");
});

test("refuses a fault that it doesn't know", async () => {
  await using server = await faultyServer();
  const name = "explodes" as FaultName; // what a test in plain JavaScript might write
  expect(() => server.fault(name)).toThrow('There is no fault "explodes". There are never-answers, stalls-in-head');
});
