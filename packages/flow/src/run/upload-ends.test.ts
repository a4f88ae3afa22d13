// The runner ends the outgoing stream itself, whatever the fetch inside knows of signals.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { rejection, settled } from "../fixtures/outcome.ts";
import { bodyOf, type Next, readAll } from "../fixtures/received.ts";
import { CHUNK, source } from "../fixtures/source.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/";

describe("what the fetch inside holds of an upload", () => {
  /** A fetch that knows no signal: it keeps the stream that it is given, and answers when it has read one chunk. */
  function holding(...statuses: readonly number[]) {
    const held: ReadableStreamDefaultReader<Uint8Array>[] = [];
    const next: Next = async (_, init) => {
      const reader = bodyOf(init);
      await reader.read();
      const index = held.push(reader) - 1;
      return new Response("an answer", { status: statuses[index] ?? 200 });
    };
    return { next, held };
  }

  it("ends with an error when the body is sent again, and takes nothing of what the second send gets", async () => {
    const { stream } = source(5);
    const sizes: number[] = [];
    const { next, held } = holding(401);
    const authFetch = runFlow(answers, async (input: string, init?: RequestInit) => {
      if (held.length === 0) return next(input, init);
      const late = rejection(Promise.resolve(held[0]?.read()));
      sizes.push((await readAll(init)).byteLength);
      expect((await late).message).toBe("The body is sent again.");
      return new Response("ok");
    });

    await authFetch(CALL, upload(stream));

    expect(sizes).toEqual([5 * CHUNK.byteLength]);
  });

  it("ends with an error also where it was waiting for a chunk, and that chunk is not lost", async () => {
    const { stream } = source(5);
    const sizes: number[] = [];
    let waits: Promise<Error> | undefined;
    const authFetch = runFlow(answers, async (_: string, init?: RequestInit) => {
      if (!waits) {
        waits = rejection(bodyOf(init).read());
        return new Response("no", { status: 401 });
      }
      sizes.push((await readAll(init)).byteLength);
      return new Response("ok");
    });

    await authFetch(CALL, upload(stream));

    expect((await waits)?.message).toBe("The body is sent again.");
    expect(sizes).toEqual([5 * CHUNK.byteLength]);
  });

  it("ends with the call's error when the call fails", async () => {
    const { stream } = source();
    const { next, held } = holding();
    const error = new Error("this answer won't do");
    const fails: AuthScheme = {
      name: "fails",
      *authFlow(request) {
        yield request;
        throw error;
      },
    };

    expect(await rejection(runFlow(fails, next)(CALL, upload(stream)))).toBe(error);
    expect(await rejection(Promise.resolve(held[0]?.read()))).toBe(error);
  });

  it("ends with the reason of an abort, during the call", async () => {
    const { stream, seen } = source();
    const controller = new AbortController();
    const reason = new Error("enough");
    const { next, held } = holding();
    const waits: AuthScheme = {
      name: "waits",
      async *authFlow(request) {
        yield request;
        await new Promise(() => {});
      },
    };

    const call = rejection(runFlow(waits, next)(CALL, upload(stream, { signal: controller.signal })));
    await settled();
    controller.abort(reason);

    expect(await call).toBe(reason);
    expect(await rejection(Promise.resolve(held[0]?.read()))).toBe(reason);
    expect(seen.cancelled).toEqual([reason]);
  });

  it("ends with the reason of an abort, after the call has its response", async () => {
    const { stream, seen } = source();
    const controller = new AbortController();
    const reason = new Error("enough");
    const { next, held } = holding();

    await runFlow(answers, next)(CALL, upload(stream, { signal: controller.signal }));
    await settled();
    controller.abort(reason);

    expect(await rejection(Promise.resolve(held[0]?.read()))).toBe(reason);
    expect(seen.cancelled).toEqual([reason]);
  });

  it("goes on to its end after the call has its response", async () => {
    const { stream } = source(5);
    const { next, held } = holding();

    await runFlow(answers, next)(CALL, upload(stream));

    let chunks = 1;
    while (!(await held[0]?.read())?.done) chunks++;
    expect(chunks).toBe(5);
  });
});
