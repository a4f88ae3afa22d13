// A stream is recorded while it is sent, and sent again: what is recorded, then the rest.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { clients } from "../fixtures/clients.ts";
import { type Arrival, loopback, sha256 } from "../fixtures/loopback.ts";
import { deferred, rejection } from "../fixtures/outcome.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, BodyNotReplayableError, runFlow } from "../index.ts";

expectAllHandled();

const CHALLENGE = 'Test realm="replay"';
const LIMIT = 64 * 1024;

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
