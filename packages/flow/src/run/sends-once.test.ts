// A scheme that sendsOnce adds nothing to the memory of bare fetch.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { sha256 } from "../fixtures/loopback.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { type AuthScheme, BodyNotReplayableError, runFlow } from "../index.ts";

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
    const bytes = new Uint8Array(1000).fill(7);
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

    const response = await runFlow(polite, runFlow(answers, server))("https://example.com/", upload(streamOf([bytes])));

    expect(await response.text()).toBe(sha256(bytes));
  });
});
