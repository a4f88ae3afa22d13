// A body that can't be sent is a typed error.
import { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { clients } from "../fixtures/clients.ts";
import { loopback } from "../fixtures/loopback.ts";
import { rejection } from "../fixtures/outcome.ts";
import { type Next, readableOf, readAll } from "../fixtures/received.ts";
import { source } from "../fixtures/source.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { isAuthError, runFlow } from "../index.ts";

expectAllHandled();

const CALL = "https://example.com/";

describe("a body that can't be sent", () => {
  const never: Next = async () => {
    throw new Error("it was sent");
  };

  it("is refused with ERR_AUTHFLOW_INVALID_BODY where somebody else reads the stream, before anything is sent", async () => {
    const { stream } = source();
    stream.getReader();

    const error = await rejection(runFlow(answers, never)(CALL, upload(stream)));

    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
    expect(error.message).toContain("or that somebody else reads");
  });

  it("is refused with ERR_AUTHFLOW_INVALID_BODY where an earlier call sent the stream", async () => {
    const next: Next = async (_, init) => {
      await new Response(init?.body as BodyInit).arrayBuffer();
      return new Response();
    };
    const body = upload(streamOf([new Uint8Array(1)]));
    await runFlow(answers, next)(CALL, body);

    const error = await rejection(runFlow(answers, next)(CALL, body));

    expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
    expect(error.message).toBe(
      "The body is a stream that was read before, or that somebody else reads: give the body as a function that makes it: body: () => stream.",
    );
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
