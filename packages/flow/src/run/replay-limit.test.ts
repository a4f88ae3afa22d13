// A stream is recorded up to replayLimit; past what is recorded it is BodyNotReplayableError.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { sha256 } from "../fixtures/loopback.ts";
import { rejection } from "../fixtures/outcome.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, BodyNotReplayableError, isAuthError, runFlow } from "../index.ts";

expectAllHandled();

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) % 251);
}

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

    const response = await authFetch("https://example.com/", upload(streamOf([fits])));
    expect(await response.text()).toBe(sha256(fits));

    const error = await rejection(authFetch("https://example.com/", upload(streamOf([bytesOf(size + 1)]))));
    expect(isAuthError(error, "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE")).toBe(true);
  });

  it("may be Infinity, for a caller who has the memory", async () => {
    const bytes = bytesOf(2 * 1024 * 1024);
    const authFetch = runFlow(answers, readsAll, { replayLimit: Infinity });

    const response = await authFetch("https://example.com/", upload(streamOf([bytes])));

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

    for (const body of [bytes, new Blob([bytes]), () => streamOf([bytes])]) {
      const response = await authFetch("https://example.com/", { method: "POST", body: body as BodyInit });
      expect(await response.text()).toBe(sha256(bytes));
    }
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

          if (recorded > replayLimit) expect(await rejection(call)).toBeInstanceOf(BodyNotReplayableError);
          else expect(await (await call).text()).toBe(sha256(whole));
        },
      ),
    );
  });
});
