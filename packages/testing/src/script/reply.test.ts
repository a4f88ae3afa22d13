import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { scriptedFetch } from "./scripted-fetch.ts";
import type { ScriptReply } from "./reply.ts";

const URL_A = "https://a.test/x#y";

const replied = (reply: ScriptReply, init?: RequestInit): Promise<Response> => scriptedFetch([{ reply }])(URL_A, init);

test("makes a Response of what is written down", async () => {
  const response = await replied({ status: 201, statusText: "Made", headers: { "x-a": "1" }, body: "hello" });
  expect([response.status, response.statusText, response.headers.get("x-a")]).toEqual([201, "Made", "1"]);
  expect(await response.text()).toBe("hello");
});

test("tells the URL that was asked for, as a fetch does: without the fragment", async () => {
  expect((await replied({})).url).toBe("https://a.test/x");
});

test("sends several header fields of one name, from a list, from pairs and from Headers", async () => {
  const pairs: [string, string][] = [
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["www-authenticate", "Basic"],
    ["www-authenticate", "Digest"],
  ];
  const all = [{ "set-cookie": ["a=1", "b=2"], "www-authenticate": ["Basic", "Digest"] }, pairs, new Headers(pairs)];
  for (const headers of all) {
    const response = await replied({ status: 401, headers });
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("www-authenticate")).toBe("Basic, Digest");
  }
});

test("gives the very Response that it is given", async () => {
  const response = new Response("hello");
  expect(await replied(response)).toBe(response);
});

test("rejects with the very Error that it is given, which doesn't speak against the test", async () => {
  const lost = new TypeError("fetch failed");
  const fetch = scriptedFetch([{ reply: lost }]);
  await expect(fetch(URL_A)).rejects.toBe(lost);
  fetch.done();
});

test("asks a function, which sees the request", async () => {
  const response = await replied(({ method, text }) => ({ body: `${method} ${text}` }), {
    method: "PUT",
    body: "hello",
  });
  expect(await response.text()).toBe("PUT hello");
  await expect(replied(async () => Promise.resolve(new TypeError("lost")))).rejects.toThrow("lost");
});

test("takes what a function throws for a failure of the test", async () => {
  const fetch = scriptedFetch([
    {
      reply: () => {
        throw new RangeError("unexpected");
      },
    },
  ]);
  await expect(fetch(URL_A)).rejects.toThrow(RangeError);
  expect(() => fetch.done()).toThrow(RangeError);
});

test("waits for a promise before it replies", async () => {
  const order: string[] = [];
  let answer: (() => void) | undefined;
  const after = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const pending = replied({ after }).then(() => order.push("replied"));
  await turn();
  order.push("answered");
  answer?.();
  await pending;
  expect(order).toEqual(["answered", "replied"]);
});

test("sends a stream, which fails when the call is aborted", async () => {
  const controller = new AbortController();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(stream) {
      stream.enqueue(new TextEncoder().encode("hel"));
    },
  });
  const response = await replied({ body }, { signal: controller.signal });
  const text = response.text();
  controller.abort(new Error("enough"));
  await expect(text).rejects.toThrow("enough");
});

test("follows no redirect", async () => {
  const response = await replied({ status: 302, headers: { location: "/y" } });
  expect([response.status, response.redirected]).toEqual([302, false]);
});
