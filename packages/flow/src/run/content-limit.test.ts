// Content for a flow is read up to contentLimit.
import { describe, expect, it } from "vitest";
import { rejection } from "../fixtures/outcome.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { type AuthScheme, isAuthError, runFlow } from "../index.ts";

const CALL = "https://example.com/";
const encode = (string: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(string);

/** A fetch that reads each body to its end, and answers each request in turn. */
function server(...answers: (() => Response)[]) {
  const bodies: string[] = [];
  const next = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const index = bodies.push(await new Request(input, init).text()) - 1;
    return answers[index]?.() ?? new Response("ok");
  };
  return { next, bodies };
}

function stream(...chunks: string[]): ReadableStream<Uint8Array> {
  return streamOf(chunks.map(encode));
}

describe("contentLimit", () => {
  const signs: AuthScheme = {
    name: "signs",
    requiresRequestBody: true,
    *authFlow(request) {
      yield request;
    },
  };
  const reads: AuthScheme = {
    name: "reads",
    requiresResponseBody: true,
    *authFlow(request) {
      yield request;
    },
  };

  it.each([
    { of: "text", make: (size: number) => "x".repeat(size) },
    { of: "bytes", make: (size: number) => new Uint8Array(size) },
    { of: "a blob", make: (size: number) => new Blob([new Uint8Array(size)]) },
    { of: "a stream", make: (size: number) => stream("x", "x".repeat(size - 1)) },
    { of: "a factory", make: (size: number) => () => stream("x", "x".repeat(size - 1)) },
  ])(
    "is how much of the call's body is read: $of that is as large is fine, a byte more is not sent",
    async ({ make }) => {
      const { next, bodies } = server();
      const authFetch = runFlow(signs, next, { contentLimit: 100 });

      await authFetch(CALL, upload(make(100)));
      expect(bodies.map((body) => body.length)).toEqual([100]);

      const error = await rejection(authFetch(CALL, upload(make(101))));
      expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_TOO_LARGE")).toBe(true);
      expect(error.message).toContain("100 bytes");
      expect(bodies).toHaveLength(1);
    },
  );

  it("holds beside replayLimit: a stream that was read for its content can be sent again", async () => {
    const { next, bodies } = server();
    const twice: AuthScheme = {
      ...signs,
      *authFlow(request) {
        yield request;
        yield request;
      },
    };

    await runFlow(twice, next, { replayLimit: 2, contentLimit: 100 })(
      CALL,
      upload(stream("x".repeat(60), "x".repeat(40))),
    );

    expect(bodies.map((body) => body.length)).toEqual([100, 100]);
  });

  it("is how much of a response is read: past it the flow gets the error, and the response is let go", async () => {
    const cancelled: unknown[] = [];
    const endless = new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(60)),
        cancel: (reason) => void cancelled.push(reason),
      }),
    );
    const { next } = server(
      () => new Response("x".repeat(100)),
      () => endless,
    );
    const authFetch = runFlow(reads, next, { contentLimit: 100 });

    expect((await (await authFetch(CALL)).text()).length).toBe(100);

    const error = await rejection(authFetch(CALL));
    expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_TOO_LARGE")).toBe(true);
    expect(cancelled).toHaveLength(1);
  });

  it("is an error that the flow may handle, when a response is over it; that response is let go before it goes on", async () => {
    let cancelled = 0;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(60)),
      cancel: () => void cancelled++,
    });
    const { next } = server(
      () => new Response(endless, { status: 401 }),
      () => new Response(`${cancelled} let go`),
    );
    const copes: AuthScheme = {
      ...reads,
      *authFlow(request) {
        try {
          yield request;
        } catch (error) {
          if (isAuthError(error, "ERR_AUTHFLOW_CONTENT_TOO_LARGE")) yield request;
        }
      },
    };

    const response = await runFlow(copes, next, { contentLimit: 100 })(CALL);

    expect(await response.text()).toBe("1 let go");
  });

  it("is 16 MiB by default", async () => {
    const { next } = server();
    const authFetch = runFlow(signs, next);

    await authFetch(CALL, upload(new Blob([new Uint8Array(16 * 1024 * 1024)])));
    const error = await rejection(authFetch(CALL, upload(new Blob([new Uint8Array(16 * 1024 * 1024 + 1)]))));

    expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_TOO_LARGE")).toBe(true);
    expect(error.message).toContain("16777216 bytes");
  });

  it.each([-1, NaN, "1 MiB" as unknown as number])("is refused where it can't be meant: %s", (contentLimit) => {
    expect(() => runFlow(signs, server().next, { contentLimit })).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });
});
