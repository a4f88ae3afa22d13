// The caller's stream is read by one reader, and cancelled when nobody reads it any more.
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { rejection, settled } from "../fixtures/outcome.ts";
import { bodyOf, type Next, readableOf, readAll } from "../fixtures/received.ts";
import { CHUNK, source } from "../fixtures/source.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/";

describe("the caller's stream", () => {
  const ok: Next = async (_, init) => {
    await readAll(init);
    return new Response("ok");
  };
  const unused: Next = async () => {
    throw new Error("it was sent");
  };
  const readsOne = async (init: RequestInit | undefined): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
    const reader = bodyOf(init);
    await reader.read();
    return reader;
  };

  it("is read to its end, and not cancelled, by a call that succeeds", async () => {
    const { stream, seen } = source(5);

    await runFlow(answers, ok)(CALL, upload(stream));

    expect(seen).toEqual({ pulled: 5, ended: true, cancelled: [] });
  });

  const outcomes: readonly {
    outcome: string;
    scheme?: AuthScheme;
    next: Next;
    options?: { replayLimit?: number; contentLimit?: number };
  }[] = [
    {
      outcome: "the flow fails before it sends",
      scheme: {
        name: "fails",
        *authFlow() {
          throw new Error("no token");
        },
      },
      next: unused,
    },
    {
      outcome: "the flow returns a Response of its own and sends nothing",
      scheme: {
        name: "offline",
        *authFlow() {
          return new Response("from a cache");
        },
      },
      next: unused,
    },
    {
      outcome: "the flow yields nothing",
      scheme: { name: "mute", *authFlow() {} },
      next: unused,
    },
    {
      outcome: "the flow sends a request with another body instead",
      scheme: {
        name: "replaces",
        *authFlow(request) {
          yield new Request(request, { method: "POST", body: "other" });
        },
      },
      next: ok,
    },
    {
      outcome: "the content that the flow wants is over contentLimit",
      scheme: { ...answers, requiresRequestBody: true },
      next: unused,
      options: { contentLimit: 5000 },
    },
    {
      outcome: "the fetch inside fails without reading it",
      next: async () => {
        throw new TypeError("fetch failed");
      },
    },
    {
      outcome: "the fetch inside fails when it has read a part",
      next: async (_, init) => {
        await readsOne(init);
        throw new TypeError("fetch failed");
      },
    },
    {
      outcome: "the fetch inside answers and wants no more",
      next: async (_, init) => {
        const reader = await readsOne(init);
        void reader.cancel(new Error("reset"));
        return new Response("ok");
      },
    },
    {
      outcome: "the fetch inside wants no more once it has answered",
      next: async (_, init) => {
        const reader = await readsOne(init);
        void setImmediate().then(() => reader.cancel(new Error("reset")));
        return new Response("ok");
      },
    },
    {
      outcome: "more than replayLimit is gone when it is wanted again",
      next: async (_, init) => {
        await readsOne(init);
        return new Response("no", { status: 401 });
      },
      options: { replayLimit: 100 },
    },
    {
      outcome: "a redirect asks for a GET",
      next: async (_, init) => {
        if (!init?.body) return new Response("ok");
        await readsOne(init);
        return new Response(null, { status: 303, headers: { location: "/there" } });
      },
    },
    {
      outcome: "a redirect leads nowhere",
      next: async (_, init) => {
        await readsOne(init);
        return new Response(null, { status: 307, headers: { location: "ftp://example.com/" } });
      },
    },
    {
      outcome: "the fetch inside gives no Response",
      next: async () => "a response" as unknown as Response,
    },
  ];

  it.each(outcomes)("is cancelled once where $outcome", async ({ scheme = answers, next, options }) => {
    const { stream, seen } = source();

    await runFlow(scheme, next, options)(CALL, upload(stream)).catch(() => {});
    await settled();
    await settled();

    expect(seen.cancelled).toHaveLength(1);
    const { pulled } = seen;
    await settled();
    expect(seen.pulled).toBe(pulled);
  });

  it.each(outcomes)(
    "that a Request carries is cancelled once where $outcome",
    async ({ scheme = answers, next, options }) => {
      const { stream, seen } = source();
      const asInit = (input: unknown): Promise<Response> => {
        const { url, body } = input as Request; // a Request in, a Request out
        return next(url, { body });
      };

      await runFlow(scheme, asInit, options)(new Request(CALL, upload(stream))).catch(() => {});
      await settled();
      await settled();

      expect(seen.cancelled).toHaveLength(1);
    },
  );

  it.each([
    { when: "before anything of it was read", reads: 0 },
    { when: "when a part of it was read", reads: 2 },
  ])("is let go of, where it is a Readable of Node, by destroying it: $when", async ({ reads }) => {
    const readable = Readable.from(
      (async function* () {
        for (;;) yield CHUNK;
      })(),
    );
    readable.on("error", () => {}); // which destroying it may raise
    const fails: Next = async (_, init) => {
      const chunks = readableOf(init)[Symbol.asyncIterator]();
      for (let count = 0; count < reads; count++) await chunks.next();
      throw new TypeError("fetch failed");
    };

    await rejection(runFlow(answers, fails)(CALL, upload(readable)));
    await settled();

    expect(readable.destroyed).toBe(true);
  });

  it("is let go of, where it is an async generator: its finally runs", async () => {
    let ended = 0;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield CHUNK;
      } finally {
        ended++;
      }
    }
    const fails: Next = async (_, init) => {
      await bodyOf(init).read();
      throw new TypeError("fetch failed");
    };

    await rejection(runFlow(answers, fails)(CALL, upload(chunks())));
    await settled();

    expect(ended).toBe(1);
  });

  it("whose cancel() fails harms nobody", async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(CHUNK),
      cancel: () => Promise.reject(new Error("can't close")),
    });
    const error = new TypeError("fetch failed");
    const fails: Next = async () => {
      throw error;
    };

    expect(await rejection(runFlow(answers, fails)(CALL, upload(stream)))).toBe(error);
    await settled();
  });

  it("is sent whole by a flow that goes on after a transport error", async () => {
    const { stream } = source(5);
    const bodies: number[] = [];
    const persists: AuthScheme = {
      name: "persists",
      *authFlow(request) {
        try {
          yield request;
        } catch {
          yield request;
        }
      },
    };
    const resetsOnce: Next = async (_, init) => {
      if (bodies.length === 0) {
        await readsOne(init);
        bodies.push(1);
        throw new TypeError("fetch failed");
      }
      bodies.push((await readAll(init)).byteLength);
      return new Response("ok");
    };

    await runFlow(persists, resetsOnce)(CALL, upload(stream));

    expect(bodies).toEqual([1, 5 * CHUNK.byteLength]);
  });

  it.each([
    {
      how: "with an error of its own",
      pull: (controller: ReadableStreamDefaultController) => controller.error(new Error("the disk is gone")),
    },
    {
      how: "by giving text",
      pull: (controller: ReadableStreamDefaultController) => controller.enqueue("text"),
    },
  ])(
    "that failed $how fails again for a flow that goes on: never an empty body, never a part of one",
    async ({ pull }) => {
      const stream = new ReadableStream(
        { start: (controller) => controller.enqueue(CHUNK), pull },
        { highWaterMark: 1 },
      );
      const outcomesOfReading: unknown[] = [];
      const persists: AuthScheme = {
        name: "persists",
        *authFlow(request) {
          try {
            yield request;
          } catch {
            yield request;
          }
        },
      };
      const reads: Next = async (_, init) => {
        try {
          outcomesOfReading.push(await readAll(init));
        } catch (error) {
          outcomesOfReading.push(error);
          throw error;
        }
        return new Response("ok");
      };

      const error = await rejection(runFlow(persists, reads)(CALL, upload(stream)));

      expect(outcomesOfReading).toEqual([error, error]);
    },
  );
});
