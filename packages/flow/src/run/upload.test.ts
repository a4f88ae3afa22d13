// A cut upload never looks complete, and one that may go on goes on.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { clients } from "../fixtures/clients.ts";
import { loopback, sha256 } from "../fixtures/loopback.ts";
import { deferred, rejection, settled } from "../fixtures/outcome.ts";
import { CHUNK, source } from "../fixtures/source.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { runFlow } from "../index.ts";

expectAllHandled();

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
