// Responses between steps are read to a cap of 64 KiB, else cancelled.
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settled } from "../fixtures/outcome.ts";
import { cancel, drain } from "./drain.ts";

const CAP = 64 * 1024;

/** A response whose body comes in these chunks, and then ends, or not; what becomes of it is seen. */
function response(sizes: readonly number[], { ends = true, headers = {} } = {}) {
  const seen = { read: 0, ended: false, cancelled: 0 };
  const left = [...sizes];
  const body = new ReadableStream(
    {
      pull(controller) {
        const size = left.shift();
        if (size !== undefined) {
          seen.read += size;
          return controller.enqueue(new Uint8Array(size));
        }
        if (!ends) return new Promise<void>(() => {});
        seen.ended = true;
        return controller.close();
      },
      cancel: () => void seen.cancelled++,
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body, { status: 401, headers }), seen };
}

describe("a response that nobody wants", () => {
  it.each([
    { of: "no bytes", sizes: [] },
    { of: "one byte", sizes: [1] },
    { of: "64 KiB in one piece", sizes: [CAP] },
    { of: "64 KiB in many", sizes: Array<number>(64).fill(1024) },
  ])("is read to its end, so that its connection can be used again: $of", async ({ sizes }) => {
    const { response: given, seen } = response(sizes);
    await drain(given);
    expect(seen).toMatchObject({ ended: true, cancelled: 0 });
  });

  it.each([
    { of: "a byte more than 64 KiB", sizes: [CAP, 1] },
    { of: "a body without end", sizes: Array<number>(100).fill(16 * 1024) },
  ])("is cancelled past the cap, and not read on: $of", async ({ sizes }) => {
    const { response: given, seen } = response(sizes);
    await drain(given);
    await settled();
    expect(seen).toMatchObject({ ended: false, cancelled: 1 });
    expect(seen.read).toBeLessThanOrEqual(CAP + 16 * 1024);
  });

  it("is cancelled at once where its Content-Length is past the cap", async () => {
    const { response: given, seen } = response([1024], { headers: { "content-length": String(CAP + 1) } });
    await drain(given);
    expect(seen).toEqual({ read: 0, ended: false, cancelled: 1 });
  });

  it("is read where its Content-Length is no number", async () => {
    const { response: given, seen } = response([1024], { headers: { "content-length": "many" } });
    await drain(given);
    expect(seen).toMatchObject({ ended: true, cancelled: 0 });
  });

  it("without a body is nothing to do for", async () => {
    await drain(new Response(null, { status: 401 }));
    cancel(new Response(null, { status: 401 }));
  });

  it("that somebody has read, or reads, is left to him", async () => {
    const read = response([10]);
    await read.response.text();
    const locked = response([10]);
    locked.response.body?.getReader();

    for (const { response: given, seen } of [read, locked]) {
      await drain(given);
      cancel(given);
      expect(seen.cancelled).toBe(0);
    }
    expect(locked.seen.read).toBe(0);
  });

  it("whose connection breaks is no error", async () => {
    const broken = new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(1)),
        pull: (controller) => controller.error(new TypeError("terminated")),
      }),
    );
    await drain(broken);
  });

  it("whose body can't be cancelled is no error", async () => {
    const stuck = (): Response =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(CAP)),
          cancel: () => Promise.reject(new Error("can't close")),
        }),
      );
    await drain(stuck());
    cancel(stuck());
    await settled();
  });

  it("is let go by cancel(), unread", async () => {
    const { response: given, seen } = response([1024]);
    cancel(given);
    await settled();
    expect(seen).toEqual({ read: 0, ended: false, cancelled: 1 });
  });
});

describe("a response that nobody wants, and that is slow", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  it("is cancelled after a second: a new connection is cheaper", async () => {
    const { response: given, seen } = response([10], { ends: false });
    const drained = drain(given);
    await vi.advanceTimersByTimeAsync(999);
    expect(seen.cancelled).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await drained;
    expect(seen.cancelled).toBe(1);
  });

  it("leaves no timer behind once it is read", async () => {
    await drain(response([10]).response);
    await drain(response([CAP, 1]).response);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a response of a fetch whose bodies are Node's streams, such as node-fetch", () => {
  /** Its body has no getReader and no cancel. */
  function nodeResponse(body: Readable): Response {
    // It is no Response of the platform's, but has the members that are asked of one.
    return { status: 401, headers: new Headers(), body, bodyUsed: false } as unknown as Response;
  }

  it("is read to its end", async () => {
    const body = Readable.from([Buffer.alloc(10), Buffer.alloc(10)]);
    await drain(nodeResponse(body));
    expect(body.readableEnded).toBe(true);
  });

  it("is destroyed past the cap", async () => {
    const body = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(16 * 1024)));
    await drain(nodeResponse(body));
    await settled();
    expect([body.readableEnded, body.destroyed]).toEqual([false, true]);
  });

  it("is destroyed by cancel()", () => {
    const body = Readable.from([Buffer.alloc(10)]);
    cancel(nodeResponse(body));
    expect(body.destroyed).toBe(true);
  });
});
