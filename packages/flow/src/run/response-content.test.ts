// Content for a flow is read from a copy; the caller's Response stays readable.
import { describe, expect, it } from "vitest";
import { rejection } from "../fixtures/outcome.ts";
import { type AuthScheme, isAuthError, runFlow } from "../index.ts";

const CALL = "https://example.com/";
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
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

describe("response.content", () => {
  const reads: AuthScheme = {
    name: "reads",
    requiresResponseBody: true,
    *authFlow(request) {
      const response = yield request;
      request.headers.set("authorization", text(response.content));
      yield request;
    },
  };

  it("has the bytes of the body, and the caller's Response stays readable", async () => {
    const last = new Response("the last one");
    const { next } = server(
      () => new Response("the first one", { status: 401 }),
      () => last,
    );
    const seen: string[] = [];
    const looks: AuthScheme = {
      ...reads,
      *authFlow(request) {
        for (let turn = 0; turn < 2; turn++) seen.push(text((yield request).content));
      },
    };

    const response = await runFlow(looks, next)(CALL);

    expect(seen).toEqual(["the first one", "the last one"]);
    expect(response).toBe(last);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe("the last one");
  });

  it("is empty where there is no body", async () => {
    const { next } = server(() => new Response(null, { status: 204 }));
    let size: number | undefined;

    await runFlow(
      {
        ...reads,
        *authFlow(request) {
          size = (yield request).content.byteLength;
        },
      },
      next,
    )(CALL);

    expect(size).toBe(0);
  });

  it("throws ERR_AUTHFLOW_CONTENT_NOT_READ, which names the flag, where the scheme did not ask", async () => {
    const { next } = server();
    const careless: AuthScheme = {
      name: "careless",
      *authFlow(request) {
        void (yield request).content;
      },
    };

    const error = await rejection(runFlow(careless, next)(CALL));

    expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_NOT_READ")).toBe(true);
    expect(error.message).toContain("requiresResponseBody");
  });

  it("is asked for with each response, so that a flow reads the challenge and leaves the answer a stream", async () => {
    let chunks = 0;
    const { next } = server(
      () => new Response("nonce", { status: 401 }),
      () =>
        new Response(
          new ReadableStream(
            {
              pull(controller) {
                chunks++;
                controller.enqueue(encode("."));
              },
            },
            { highWaterMark: 0 },
          ),
        ),
    );
    const picks: AuthScheme = {
      ...reads,
      name: "picks",
      requiresResponseBody(response) {
        return this === picks && response.status === 401;
      },
    };

    const response = await runFlow(picks, next)(CALL);
    expect(chunks).toBe(0);
    await response.body?.cancel();
  });

  it("is gone from the Response that the caller gets", async () => {
    const { next } = server();
    const response = await runFlow(reads, next)(CALL);
    expect("content" in response).toBe(false);
    expect(Reflect.ownKeys(response)).not.toContain("content");
  });

  it("is there for side requests, too", async () => {
    const { next } = server(() => new Response("a new token"));
    const refreshes: AuthScheme = {
      name: "refreshes",
      requiresResponseBody: true,
      *authFlow(request) {
        const token = yield new Request("https://example.com/token");
        request.headers.set("authorization", text(token.content));
        yield request;
      },
    };
    const sent: (string | null)[] = [];

    await runFlow(refreshes, (input: string, init?: RequestInit) => {
      sent.push(new Headers(init?.headers).get("authorization"));
      return next(input, init);
    })(CALL);

    expect(sent).toEqual([null, "a new token"]);
  });
});
