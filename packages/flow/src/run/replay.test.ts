// DESIGN promise 5: a stream is recorded while it is sent, up to replayLimit, and no further.
import * as fc from "fast-check";
import * as undici from "undici";
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { deferred, rejection } from "../fixtures/outcome.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { type Arrival, loopback, sha256 } from "../fixtures/loopback.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, BodyNotReplayableError, isAuthError, runFlow } from "../index.ts";

expectAllHandled();

const CHALLENGE = 'Test realm="replay"';
const LIMIT = 64 * 1024;

const clients = [
  { client: "Node's fetch", fetch },
  // undici's own types differ from the platform's in name only.
  { client: "undici 8's fetch", fetch: undici.fetch as unknown as typeof globalThis.fetch },
];

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) % 251);
}

/** A stream of these bytes in small chunks; those from `held` on wait for `gate`. */
function source(bytes: Uint8Array, gate: Promise<unknown> = Promise.resolve(), held = bytes.byteLength) {
  const drained = deferred();
  const cancelled: unknown[] = [];
  let start = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (start >= held) await gate;
        if (start >= bytes.byteLength) {
          controller.close();
          return drained.resolve();
        }
        const end = Math.min(start + 4096, start < held ? held : bytes.byteLength, bytes.byteLength);
        controller.enqueue(bytes.slice(start, end));
        start = end;
      },
      cancel: (reason) => void cancelled.push(reason),
    },
    { highWaterMark: 0 },
  );
  return { stream, drained: drained.promise, cancelled };
}

async function refusalOf(call: Promise<unknown>): Promise<BodyNotReplayableError> {
  const error = await rejection(call);
  expect(error).toBeInstanceOf(BodyNotReplayableError);
  return error as BodyNotReplayableError; // as just seen
}

const sizes = [
  { size: "a byte less than replayLimit", bytes: bytesOf(LIMIT - 1) },
  { size: "as much as replayLimit", bytes: bytesOf(LIMIT) },
  { size: "a byte more than replayLimit", bytes: bytesOf(LIMIT + 1) },
];

describe.each(clients)("a streamed body on $client", ({ fetch: next }) => {
  const authFetch = runFlow(answers, next, { replayLimit: LIMIT });

  describe.each(sizes)("of $size", ({ bytes }) => {
    const fits = bytes.byteLength <= LIMIT;
    const readThen = async (arrival: Arrival, done: () => void): Promise<void> => {
      await arrival.read();
      done();
    };

    it(`is ${fits ? "sent again" : "refused with the 401"} after a 401 that comes late, when all was sent`, async () => {
      const { stream, cancelled } = source(bytes);
      const server = await loopback((arrival, response) =>
        readThen(arrival, () => {
          if (arrival.headers.authorization) response.end("welcome");
          else response.writeHead(401, { "www-authenticate": CHALLENGE }).end("who is it?");
        }),
      );

      const call = authFetch(server.origin, upload(stream));

      if (fits) {
        expect(await (await call).text()).toBe("welcome");
        expect(server.arrivals.map((arrival) => arrival.sha256)).toEqual([sha256(bytes), sha256(bytes)]);
      } else {
        const error = await refusalOf(call);
        expect(error.response?.status).toBe(401);
        expect(error.response?.bodyUsed).toBe(false);
        expect(await error.response?.text()).toBe("who is it?");
        expect(server.arrivals.map((arrival) => arrival.sha256)).toEqual([sha256(bytes)]);
      }
      expect(cancelled).toEqual([]);
    });

    it("is sent again after a 401 that comes early, when part of it was sent", async () => {
      const refused = deferred();
      const { stream } = source(bytes, refused.promise, 8192);
      const server = await loopback((arrival, response) => {
        if (arrival.headers.authorization) return readThen(arrival, () => response.end("welcome"));
        response.writeHead(401, { "www-authenticate": CHALLENGE }).end("who is it?");
        return readThen(arrival, () => {});
      });
      const call = runFlow(answers, next, { replayLimit: LIMIT, onExchange: () => refused.resolve() });

      const response = await call(server.origin, upload(stream));

      expect(await response.text()).toBe("welcome");
      const [first, second] = server.arrivals;
      expect(await first?.whole).toBe(false);
      expect(await second?.whole).toBe(true);
      expect(second?.sha256).toBe(sha256(bytes));
    });

    it("is sent again after a 401 of a server that reads nothing, when part of it was sent", async () => {
      const refused = deferred();
      const { stream } = source(bytes, refused.promise, 8192);
      const server = await loopback((arrival, response) => {
        if (arrival.headers.authorization) return readThen(arrival, () => response.end("welcome"));
        return arrival.refuseUnread(CHALLENGE);
      });
      const call = runFlow(answers, next, { replayLimit: LIMIT, onExchange: () => refused.resolve() });

      const response = await call(server.origin, upload(stream));

      expect(await response.text()).toBe("welcome");
      expect(await server.arrivals[0]?.whole).toBe(false);
      expect(server.arrivals[1]?.sha256).toBe(sha256(bytes));
    });

    it(`is ${fits ? "sent again" : "refused with the 401"} after a 401 of a server that reads nothing, when all was sent`, async () => {
      const { stream, drained } = source(bytes);
      const server = await loopback(async (arrival, response) => {
        if (arrival.headers.authorization) return readThen(arrival, () => response.end("welcome"));
        await drained;
        arrival.refuseUnread(CHALLENGE);
      });

      const call = authFetch(server.origin, upload(stream));

      if (fits) {
        expect(await (await call).text()).toBe("welcome");
        expect(server.arrivals[1]?.sha256).toBe(sha256(bytes));
      } else {
        const error = await refusalOf(call);
        expect(error.response?.bodyUsed).toBe(false);
        expect(await error.response?.text()).toBe("unread");
        expect(server.arrivals).toHaveLength(1);
      }
    });

    it(`is ${fits ? "sent again" : "refused with the redirect"} after a 307 that comes late`, async () => {
      const { stream } = source(bytes);
      const server = await loopback((arrival, response) =>
        readThen(arrival, () => {
          if (arrival.path === "/there") response.end("welcome");
          else response.writeHead(307, { location: "/there" }).end("over there");
        }),
      );

      const call = authFetch(server.origin, upload(stream));

      if (fits) {
        expect(await (await call).text()).toBe("welcome");
        expect(server.arrivals.map((arrival) => arrival.sha256)).toEqual([sha256(bytes), sha256(bytes)]);
      } else {
        const error = await refusalOf(call);
        expect(error.response?.status).toBe(307);
        expect(await error.response?.text()).toBe("over there");
        expect(server.arrivals).toHaveLength(1);
      }
    });
  });

  it("of many times replayLimit is sent again after an early 401, whole: what is recorded, then the rest", async () => {
    const bytes = bytesOf(16 * LIMIT);
    const refused = deferred();
    const { stream } = source(bytes, refused.promise, 8192);
    const server = await loopback(async (arrival, response) => {
      if (!arrival.headers.authorization) arrival.refuseUnread(CHALLENGE);
      else response.end(String((await arrival.read()).bytes.byteLength));
    });
    const call = runFlow(answers, next, { replayLimit: LIMIT, onExchange: () => refused.resolve() });

    const response = await call(server.origin, upload(stream));

    expect(await response.text()).toBe(String(bytes.byteLength));
    expect(server.arrivals[1]?.sha256).toBe(sha256(bytes));
  });

  it("may be sent more than twice, each time whole", async () => {
    const bytes = bytesOf(LIMIT);
    const { stream } = source(bytes);
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.writeHead(server.arrivals.length < 4 ? 401 : 200).end();
    });
    const insistent: AuthScheme = {
      name: "insistent",
      *authFlow(request) {
        while ((yield request).status === 401);
      },
    };

    await runFlow(insistent, next, { replayLimit: LIMIT })(server.origin, upload(stream));

    expect(server.arrivals.map((arrival) => arrival.sha256)).toEqual(Array(4).fill(sha256(bytes)));
  });

  it("past replayLimit gives BodyNotReplayableError at the second send, and a flow that ends before it is no error", async () => {
    const { stream } = source(bytesOf(LIMIT + 1));
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.writeHead(403).end("no");
    });

    const response = await authFetch(server.origin, upload(stream));

    expect([response.status, await response.text()]).toEqual([403, "no"]);
  });
});

describe("replayLimit", () => {
  const readsAll = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const read = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
    return new Response(sha256(read), { status: new Headers(init?.headers).has("authorization") ? 200 : 401 });
  };

  it.each([
    { limit: "1 MiB by default", options: {}, size: 1024 * 1024 },
    { limit: "0, which records nothing", options: { replayLimit: 0 }, size: 0 },
    { limit: "any number of bytes", options: { replayLimit: 5 }, size: 5 },
  ])("is $limit", async ({ options, size }) => {
    const authFetch = runFlow(answers, readsAll, options);
    const fits = bytesOf(size);

    const response = await authFetch("https://example.com/", upload(source(fits).stream));
    expect(await response.text()).toBe(sha256(fits));

    const error = await refusalOf(authFetch("https://example.com/", upload(source(bytesOf(size + 1)).stream)));
    expect(isAuthError(error, "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE")).toBe(true);
  });

  it("may be Infinity, for a caller who has the memory", async () => {
    const bytes = bytesOf(2 * 1024 * 1024);
    const authFetch = runFlow(answers, readsAll, { replayLimit: Infinity });

    const response = await authFetch("https://example.com/", upload(source(bytes).stream));

    expect(await response.text()).toBe(sha256(bytes));
  });

  it.each([-1, NaN, "1 MiB" as unknown as number])("is refused where it can't be meant: %s", (replayLimit) => {
    expect(() => runFlow(answers, readsAll, { replayLimit })).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });

  it("binds bodies that are streams only: text, bytes, blobs and forms are there to be sent again, whatever their size", async () => {
    const authFetch = runFlow(answers, readsAll, { replayLimit: 0 });
    const bytes = bytesOf(100_000);

    for (const body of [bytes, new Blob([bytes]), () => source(bytes).stream]) {
      const response = await authFetch("https://example.com/", { method: "POST", body: body as BodyInit });
      expect(await response.text()).toBe(sha256(bytes));
    }
  });
});

describe("a scheme that sends once", () => {
  const once: AuthScheme = {
    name: "once",
    sendsOnce: true,
    *authFlow(request) {
      const response = yield request;
      if (response.status === 401) yield request;
    },
  };

  /** A fetch that reads its body and keeps the chunks, then refuses. */
  function refuses() {
    const chunks: Uint8Array[] = [];
    const bodies: unknown[] = [];
    const next = async (_: unknown, init?: RequestInit): Promise<Response> => {
      bodies.push(init?.body);
      if (init?.body instanceof ReadableStream) {
        for await (const chunk of init.body as ReadableStream<Uint8Array>) chunks.push(chunk);
      }
      return new Response("no", { status: 401 });
    };
    return { next, chunks, bodies };
  }

  it("records nothing of a stream: each chunk passes as it is, no copy is made", async () => {
    const given = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    const { next, chunks } = refuses();
    const body = streamOf(given) as ReadableStream<Uint8Array>;

    await expect(runFlow(once, next)("https://example.com/", upload(body))).rejects.toThrow(BodyNotReplayableError);

    expect(chunks).toHaveLength(2);
    for (const [index, chunk] of chunks.entries()) expect(chunk).toBe(given[index]);
  });

  it("hands a body that is no stream to the fetch inside as it is", async () => {
    const { next, bodies } = refuses();
    const given = [Uint8Array.of(1), new Blob(["a"]), "text", new FormData()];

    for (const body of given) await runFlow(once, next)("https://example.com/", { method: "POST", body });

    expect(bodies.filter((_, index) => index % 2 === 0)).toEqual(given);
    for (const [index, body] of given.entries()) expect(bodies[index * 2]).toBe(body);
  });

  it("records, beside a scheme that may send again", async () => {
    const bytes = bytesOf(1000);
    const server = async (_: unknown, init?: RequestInit): Promise<Response> => {
      const read = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
      return new Response(sha256(read), { status: new Headers(init?.headers).has("authorization") ? 200 : 401 });
    };
    const polite: AuthScheme = {
      name: "polite",
      sendsOnce: true,
      *authFlow(request) {
        yield request;
      },
    };

    const response = await runFlow(polite, runFlow(answers, server))(
      "https://example.com/",
      upload(source(bytes).stream),
    );

    expect(await response.text()).toBe(sha256(bytes));
  });
});

describe("a stream of any chunks, refused any number of times after any of them", () => {
  const chunk = fc.uint8Array({ maxLength: 20 });
  /** How many chunks a send takes before it is refused, and whether the transport then cancels it or lets it lie. */
  const refusal = fc.record({ takes: fc.nat(6), cancels: fc.boolean() });

  it("arrives whole in the end, or it is BodyNotReplayableError: never a part, never twice the same part", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(chunk, { maxLength: 6 }),
        fc.array(refusal, { maxLength: 4 }),
        fc.nat(60),
        async (chunks, refusals, replayLimit) => {
          const whole = Buffer.concat(chunks);
          const taken = Math.max(0, ...refusals.map(({ takes }) => takes));
          const recorded = chunks.slice(0, taken).reduce((sum, { byteLength }) => sum + byteLength, 0);

          const left = [...refusals];
          const next = async (_: string, init?: RequestInit): Promise<Response> => {
            const turn = left.shift();
            const reader = new Response(init?.body ?? null).body?.getReader();
            if (!turn) {
              const read: Uint8Array[] = [];
              for (let step = await reader?.read(); step && !step.done; step = await reader?.read())
                read.push(step.value);
              return new Response(sha256(Buffer.concat(read)));
            }
            for (let count = 0; count < turn.takes; count++) await reader?.read();
            if (turn.cancels) await reader?.cancel();
            return new Response(null, { status: 401 });
          };
          const insistent: AuthScheme = {
            name: "insistent",
            *authFlow(request) {
              while ((yield request).status === 401);
            },
          };

          const call = runFlow(insistent, next, { replayLimit })("https://example.com/", upload(streamOf(chunks)));

          if (recorded > replayLimit) await refusalOf(call);
          else expect(await (await call).text()).toBe(sha256(whole));
        },
      ),
    );
  });
});
