// DESIGN promises 5 and 8: how a streamed upload ends, at the caller's source and at the server.
import { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import * as undici from "undici";
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { deferred, rejection, settled } from "../fixtures/outcome.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { loopback, sha256 } from "../fixtures/loopback.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, isAuthError, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/";

const clients = [
  { client: "Node's fetch", fetch },
  // undici's own types differ from the platform's in name only.
  { client: "undici 8's fetch", fetch: undici.fetch as unknown as typeof globalThis.fetch },
];

const CHUNK = Uint8Array.from({ length: 4096 }, (_, index) => index % 256);

/** An endless stream of chunks, or one of `count`, of which each that is pulled and each cancel is seen. */
function source(count = Infinity) {
  const seen = { pulled: 0, ended: false, cancelled: [] as unknown[] };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await setImmediate();
        if (seen.pulled === count) {
          seen.ended = true;
          return controller.close();
        }
        seen.pulled++;
        controller.enqueue(CHUNK);
      },
      cancel: (reason) => void seen.cancelled.push(reason),
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

type Next = (input: unknown, init?: RequestInit) => Promise<Response>;

function bodyOf(init: RequestInit | undefined): ReadableStreamDefaultReader<Uint8Array> {
  if (!(init?.body instanceof ReadableStream)) throw new Error("no stream was given to fetch");
  return (init.body as ReadableStream<Uint8Array>).getReader(); // of bytes, as every body
}

function readableOf(init: RequestInit | undefined): Readable {
  const body: unknown = init?.body;
  if (!(body instanceof Readable)) throw new Error("a Readable in, a Readable out");
  return body;
}

async function readAll(init: RequestInit | undefined): Promise<Uint8Array> {
  return new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
}

describe("a body that can't be sent", () => {
  const never: Next = async () => {
    throw new Error("it was sent");
  };

  it("is refused with ERR_AUTHFLOW_INVALID_BODY where somebody else reads the stream, before anything is sent", async () => {
    const { stream } = source();
    stream.getReader();

    const error = await rejection(runFlow(answers, never)(CALL, upload(stream)));

    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
    expect(error.message).toContain("not locked");
  });

  it("is refused with ERR_AUTHFLOW_INVALID_BODY where the body of the Request was read before", async () => {
    const request = new Request(CALL, { method: "POST", body: "text" });
    await request.text();

    const error = await rejection(runFlow(answers, never)(request));

    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
    expect(error.message).toContain("clone()");
  });

  it("is refused with ERR_AUTHFLOW_INVALID_BODY where the Request is in use", async () => {
    const request = new Request(CALL, upload(source().stream));
    request.body?.getReader();

    const error = await rejection(runFlow(answers, never)(request));

    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
  });

  it.each([
    { chunk: "text", given: "text" },
    { chunk: "a number", given: 1 },
    { chunk: "an ArrayBuffer", given: new ArrayBuffer(1) },
    { chunk: "null", given: null },
  ])(
    "ends with ERR_AUTHFLOW_INVALID_BODY where a stream gives $chunk, and the stream is cancelled",
    async ({ given }) => {
      const cancelled: unknown[] = [];
      const stream = new ReadableStream(
        {
          pull: (controller) => controller.enqueue(given),
          cancel: (reason) => void cancelled.push(reason),
        },
        { highWaterMark: 0 },
      );
      const reads: Next = async (_, init) => {
        await readAll(init);
        return new Response("ok");
      };

      const error = await rejection(runFlow(answers, reads)(CALL, upload(stream)));

      expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
      expect(error.message).toContain("Uint8Array");
      expect(cancelled).toEqual([error]);
    },
  );

  it("may give text where it is a Readable of Node, which reads it as UTF-8", async () => {
    const bodies: string[] = [];
    const reads: Next = async (_, init) => {
      bodies.push(await textOf(readableOf(init)));
      return new Response("ok");
    };

    await runFlow(answers, reads)(CALL, upload(Readable.from(["naïve ", "café"])));

    expect(bodies).toEqual(["naïve café"]);
  });

  it.each(clients)("is told as the cause of fetch's own error by $client", async ({ fetch: next }) => {
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.end();
    });
    const stream = streamOf(["text"]);

    const error = await rejection(runFlow(answers, next)(server.origin, upload(stream)));

    expect(isAuthError(error.cause, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
  });
});

describe.each(clients)("an upload by $client", ({ fetch: next }) => {
  it("whose source fails midway fails with its error as cause, and never looks complete", async () => {
    const disk = new Error("the disk is gone");
    let chunks = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (chunks++ < 3) controller.enqueue(CHUNK);
          else controller.error(disk);
        },
      },
      { highWaterMark: 0 },
    );
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.end();
    });

    const error = await rejection(runFlow(answers, next)(server.origin, upload(stream)));

    expect(error.cause).toBe(disk);
    for (const arrival of server.arrivals) expect(await arrival.whole).toBe(false);
  });

  it("that is aborted never looks complete; the source is cancelled with the reason, and gives nothing more", async () => {
    const { stream, seen } = source();
    const controller = new AbortController();
    const reason = new Error("enough");
    const server = await loopback(async (arrival) => {
      await arrival.read();
    });

    const call = runFlow(answers, next)(server.origin, upload(stream, { signal: controller.signal }));
    while (seen.pulled < 10) await settled();
    controller.abort(reason);

    expect(await rejection(call)).toBe(reason);
    expect(await server.arrivals[0]?.whole).toBe(false);
    expect(seen.cancelled).toEqual([reason]);
    const { pulled } = seen;
    await settled();
    expect(seen.pulled).toBe(pulled);
  });

  it("that is aborted during its second send never looks complete either", async () => {
    const { stream, seen } = source();
    const controller = new AbortController();
    const reason = new Error("enough");
    const second = deferred();
    const server = await loopback(async (arrival) => {
      if (!arrival.headers.authorization) return arrival.refuseUnread("Test");
      second.resolve();
      await arrival.read();
    });

    const call = runFlow(answers, next)(server.origin, upload(stream, { signal: controller.signal }));
    await Promise.race([second.promise, call]);
    controller.abort(reason);

    expect(await rejection(call)).toBe(reason);
    expect(await Promise.all(server.arrivals.map(({ whole }) => whole))).toEqual([false, false]);
    expect(seen.cancelled).toEqual([reason]);
  });

  it("goes on after an early 200, to its end", async () => {
    const { stream } = source(40);
    const server = await loopback(async (arrival, response) => {
      response.writeHead(200);
      response.write("reading: ");
      await arrival.read();
      response.end(arrival.sha256);
    });

    const response = await runFlow(answers, next)(server.origin, upload(stream));

    expect(await response.text()).toBe(`reading: ${sha256(Buffer.concat(Array<Uint8Array>(40).fill(CHUNK)))}`);
    expect(await server.arrivals[0]?.whole).toBe(true);
  });

  it("that goes on after an early 200 is cut by an abort, and never looks complete", async () => {
    const { stream, seen } = source();
    const controller = new AbortController();
    const reason = new Error("enough");
    const server = await loopback(async (arrival, response) => {
      response.writeHead(200);
      response.write("reading: ");
      await arrival.read();
    });

    const response = await runFlow(answers, next)(server.origin, upload(stream, { signal: controller.signal }));
    const text = rejection(response.text());
    controller.abort(reason);

    expect(await text).toBe(reason);
    expect(await server.arrivals[0]?.whole).toBe(false);
    expect(seen.cancelled).toEqual([reason]);
  });
});

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
