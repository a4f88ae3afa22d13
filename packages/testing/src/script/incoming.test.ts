import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RecordedCall } from "./incoming.ts";
import { scriptedFetch } from "./scripted-fetch.ts";

const URL_A = "https://a.test/";

function streamOf(...chunks: readonly string[]): {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly pulled: string[];
  readonly cancelled: unknown[];
} {
  const pulled: string[] = [];
  const cancelled: unknown[] = [];
  const left = [...chunks];
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const chunk = left.shift();
        if (chunk === undefined) return controller.close();
        pulled.push(chunk);
        return controller.enqueue(new TextEncoder().encode(chunk));
      },
      cancel(reason) {
        cancelled.push(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled, cancelled };
}

// The types of the platform don't know the member yet.
const streaming = (body: ReadableStream): RequestInit => Object.assign({ duplex: "half" }, { method: "POST", body });

async function called(...args: readonly [string | URL | Request, RequestInit?, ...unknown[]]): Promise<RecordedCall> {
  const fetch = scriptedFetch([{ reply: {} }]);
  await Reflect.apply(fetch, undefined, args);
  const [call] = fetch.calls;
  if (!call) throw new Error("no call was recorded");
  return call;
}

test("takes a string, a URL and a Request, and records each as it was given", async () => {
  const request = new Request(URL_A, { method: "PUT", headers: { "x-a": "1" } });
  for (const input of [URL_A, new URL(URL_A), request]) {
    const call = await called(input);
    expect([call.url, call.input, call.init]).toEqual([URL_A, input, undefined]);
  }
  const call = await called(request);
  expect([call.method, call.headers.get("x-a")]).toEqual(["PUT", "1"]);
});

test("lets init go before the Request's own members, and keeps init and what follows it", async () => {
  const request = new Request(URL_A, { method: "PUT", headers: { "x-a": "1" }, body: "first" });
  const init = { method: "POST", headers: { "x-b": "2" }, body: "second" };
  const call = await called(request, init, "third argument");
  expect([call.method, call.text, call.init, call.rest]).toEqual(["POST", "second", init, ["third argument"]]);
  expect([call.headers.get("x-a"), call.headers.get("x-b")]).toEqual([null, "2"]);
});

test("keeps unknown members of init", async () => {
  const init = Object.assign({ method: "GET" }, { authflow: { origin: URL_A }, cf: { a: 1 } });
  expect((await called(URL_A, init)).init).toBe(init);
});

test("uses the body of a Request, as fetch does", async () => {
  const request = new Request(URL_A, { method: "POST", body: "hello" });
  expect((await called(request)).text).toBe("hello");
  expect(request.bodyUsed).toBe(true);
});

test("reads a stream whole", async () => {
  const { stream } = streamOf("hel", "lo");
  expect((await called(URL_A, streaming(stream))).text).toBe("hello");
});

test.each([
  ["bytes", new Uint8Array([1, 2, 255]), [1, 2, 255]],
  ["a Blob", new Blob(["hi"]), [104, 105]],
  ["URLSearchParams", new URLSearchParams({ a: "b" }), [97, 61, 98]],
])("reads %s", async (_, body, bytes) => {
  expect([...(await called(URL_A, { method: "POST", body })).body]).toEqual(bytes);
});

test("takes a Request of another class, such as undici's own", async () => {
  const request = new Request(URL_A, { method: "POST", body: "hello", headers: { "x-a": "1" } });
  const { url, method, headers, body, signal } = request;
  const call = await called({ url, method, headers, body, signal } as Request);
  expect([call.method, call.headers.get("x-a"), call.text]).toEqual(["POST", "1", "hello"]);
});

test("records a relative URL as it was given", async () => {
  expect((await called("/x?y")).url).toBe("/x?y");
});

test("refuses what fetch refuses, and takes no step for it", async () => {
  const fetch = scriptedFetch([{ reply: {} }]);
  await expect(fetch("https://user:pass@a.test/")).rejects.toThrow(TypeError);
  const init = { method: "GET", body: "x" };
  await expect(fetch(URL_A, init)).rejects.toThrow(TypeError);
  expect(fetch.left).toBe(1);
});

test("keeps what was sent, though the caller changes it afterwards", async () => {
  const headers = new Headers({ "x-a": "1" });
  const call = await called(URL_A, { headers });
  headers.set("x-a", "2");
  expect(call.headers.get("x-a")).toBe("1");
});

test("reads as much of a stream as a step says, and cancels the rest", async () => {
  const { stream, pulled, cancelled } = streamOf("aa", "bb", "cc");
  const fetch = scriptedFetch([{ reply: { status: 401 }, reads: 3 }]);
  expect((await fetch(URL_A, streaming(stream))).status).toBe(401);
  expect([fetch.calls[0]?.text, pulled, cancelled.length]).toEqual(["aabb", ["aa", "bb"], 1]);
});

test("leaves the rest of a stream alone where it is told to", async () => {
  const { stream, pulled, cancelled } = streamOf("aa", "bb", "cc");
  const fetch = scriptedFetch([{ reply: { status: 401 }, reads: 0, rest: "leave" }]);
  await fetch(URL_A, streaming(stream));
  expect([pulled, cancelled]).toEqual([[], []]);
});

test("rejects with the error of a stream that fails", async () => {
  const lost = new Error("disk");
  const stream = new ReadableStream({
    pull() {
      throw lost;
    },
  });
  await expect(scriptedFetch([{ reply: {} }])(URL_A, streaming(stream))).rejects.toBe(lost);
});

test("rejects at once with the reason of a signal that is aborted, and takes no step", async () => {
  const reason = new Error("enough");
  const { stream, cancelled } = streamOf("a");
  const fetch = scriptedFetch([{ reply: {} }]);
  const aborted = { ...streaming(stream), signal: AbortSignal.abort(reason) };
  await expect(fetch(URL_A, aborted)).rejects.toBe(reason);
  await expect(fetch(new Request(URL_A, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  expect([fetch.left, cancelled]).toEqual([1, [reason]]);
});

test("rejects when it is aborted while it reads the body, cancels the stream, and holds nothing against the test", async () => {
  const controller = new AbortController();
  const cancelled: unknown[] = [];
  const stream = new ReadableStream({
    cancel(reason) {
      cancelled.push(reason);
    },
  });
  const fetch = scriptedFetch([{ expect: { body: "hello" }, reply: {} }]);
  const call = fetch(URL_A, { ...streaming(stream), signal: controller.signal });
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
  expect(cancelled).toEqual([reason]);
  fetch.done();
});

test("makes no reply for a call that was aborted while it read the body", async () => {
  const controller = new AbortController();
  let replies = 0;
  const fetch = scriptedFetch([{ reply: () => ({ status: 200 + replies++ }) }]);
  const call = fetch(URL_A, { ...streaming(new ReadableStream()), signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  await turn();
  expect(replies).toBe(0);
});

test("rejects when it is aborted while the reply waits", async () => {
  const controller = new AbortController();
  const fetch = scriptedFetch([{ reply: { after: new Promise(() => {}) } }]);
  const call = fetch(new Request(URL_A, { signal: controller.signal }));
  controller.abort();
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  fetch.done();
});
