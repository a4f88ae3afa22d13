// DESIGN promise 5: content for a flow is read from a copy, up to contentLimit; the caller's Response stays readable.
import { describe, expect, it } from "vitest";
import { rejection } from "../fixtures/outcome.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { type AuthScheme, type FlowRequest, type FlowResponse, isAuthError, runFlow } from "../index.ts";

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

function stream(...chunks: string[]): ReadableStream<Uint8Array> {
  return streamOf(chunks.map(encode));
}

describe("request.content", () => {
  const form = new FormData();
  form.append("a", "b");

  it.each([
    { of: "text", make: () => "naïve", content: "naïve" },
    { of: "bytes", make: () => encode("bytes"), content: "bytes" },
    { of: "a blob", make: () => new Blob(["blob"]), content: "blob" },
    { of: "URLSearchParams", make: () => new URLSearchParams("a=b c"), content: "a=b+c" },
    { of: "a form", make: () => form, content: expect.stringMatching(/^--.*\r\n\r\nb\r\n--.*--\r\n$/s) as string },
    { of: "a stream", make: () => stream("one, ", "two"), content: "one, two" },
    { of: "a factory", make: () => () => "made", content: "made" },
    { of: "a factory of streams", make: () => async () => stream("ma", "de"), content: "made" },
    { of: "a factory of forms", make: () => () => form, content: expect.stringContaining("\r\n\r\nb\r\n") as string },
    { of: "an empty text", make: () => "", content: "" },
    { of: "no body", make: () => undefined, content: "" },
  ])("has the bytes that are sent, the first and the second time: of $of", async ({ make, content }) => {
    const { next, bodies } = server();
    const seen: string[] = [];
    const signs: AuthScheme = {
      name: "signs",
      requiresRequestBody: true,
      *authFlow(request) {
        seen.push(text(request.content));
        yield request;
        yield request;
      },
    };

    await runFlow(signs, next)(CALL, upload(make()));

    expect(seen).toEqual([content]);
    expect(bodies).toEqual([seen[0], seen[0]]);
  });

  it("has the bytes of a Request, too", async () => {
    const { next, bodies } = server();
    const seen: string[] = [];
    const signs: AuthScheme = {
      name: "signs",
      requiresRequestBody: true,
      *authFlow(request) {
        seen.push(text(request.content));
        yield request;
      },
    };

    await runFlow(signs, next)(new Request(CALL, upload("text")));
    await runFlow(signs, next)(new Request(CALL, upload(stream("str", "eam"))));
    await runFlow(signs, next)(new Request(CALL));

    expect(seen).toEqual(["text", "stream", ""]);
    expect(bodies).toEqual(seen);
  });

  it("throws ERR_AUTHFLOW_CONTENT_NOT_READ, which names the flag, where the scheme did not ask", async () => {
    const { next, bodies } = server();
    const careless: AuthScheme = {
      name: "careless",
      *authFlow(request) {
        void request.content;
        yield request;
      },
    };

    const error = await rejection(runFlow(careless, next)(CALL, upload("text")));

    expect(isAuthError(error, "ERR_AUTHFLOW_CONTENT_NOT_READ")).toBe(true);
    expect(error.message).toContain("requiresRequestBody");
    expect(bodies).toEqual([]);
  });

  it("is asked for before each step: with the request, then with each response, until it is read", async () => {
    const { next, bodies } = server(() => new Response("who?", { status: 401 }));
    const asked: unknown[] = [];
    let challenge: FlowResponse | undefined;
    let given: FlowRequest | undefined;
    const integrity: AuthScheme = {
      name: "integrity",
      requiresRequestBody(request, response) {
        asked.push([this === integrity, request, response]);
        return response?.status === 401;
      },
      *authFlow(request) {
        given = request;
        expect(() => request.content).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_CONTENT_NOT_READ" }));
        challenge = yield request;
        request.headers.set("authorization", text(request.content));
        yield request;
      },
    };

    await runFlow(integrity, next)(CALL, upload(stream("bo", "dy")));

    expect(asked).toEqual([
      [true, given, undefined],
      [true, given, challenge],
    ]);
    expect(bodies).toEqual(["body", "body"]);
  });

  it("that is asked for after more than replayLimit was sent gives BodyNotReplayableError with the response inside", async () => {
    const { next } = server(() => new Response("who?", { status: 401 }));
    let resumed = false;
    const integrity: AuthScheme = {
      name: "integrity",
      requiresRequestBody: (_, response) => response !== undefined,
      *authFlow(request) {
        yield request;
        resumed = true;
      },
    };

    const error = await rejection(runFlow(integrity, next, { replayLimit: 3 })(CALL, upload(stream("bo", "dy"))));

    expect(isAuthError(error, "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE")).toBe(true);
    expect(await (error as { response?: Response }).response?.text()).toBe("who?");
    expect(resumed).toBe(false);
  });

  it("is the same for a flow inside another", async () => {
    const { next, bodies } = server();
    const seen: string[] = [];
    const signs = (name: string): AuthScheme => ({
      name,
      requiresRequestBody: true,
      *authFlow(request) {
        seen.push(`${name}: ${text(request.content)}`);
        yield request;
      },
    });

    await runFlow(signs("outer"), runFlow(signs("inner"), next))(CALL, upload(stream("bo", "dy")));

    expect(seen).toEqual(["outer: body", "inner: body"]);
    expect(bodies).toEqual(["body"]);
  });

  it("is made once by a factory: what was read is what is sent", async () => {
    const { next, bodies } = server();
    let made = 0;
    const signs: AuthScheme = {
      name: "signs",
      requiresRequestBody: true,
      *authFlow(request) {
        yield request;
        yield request;
      },
    };

    await runFlow(signs, next)(
      CALL,
      upload(() => `body ${++made}`),
    );

    expect(bodies).toEqual(["body 1", "body 1"]);
  });

  it("has what a stream gave, also where that fills the same buffer each time and the scheme sends once", async () => {
    const { next, bodies } = server();
    const buffer = new Uint8Array(1);
    function* filled(): Generator<Uint8Array<ArrayBuffer>> {
      for (const letter of ["a", "b", "c"]) {
        buffer.set(encode(letter));
        yield buffer;
      }
    }
    const signs: AuthScheme = {
      name: "signs",
      sendsOnce: true,
      requiresRequestBody: true,
      *authFlow(request) {
        request.headers.set("authorization", text(request.content));
        yield request;
      },
    };

    await runFlow(signs, next)(CALL, upload(streamOf(filled())));

    expect(bodies).toEqual(["abc"]);
  });

  it("can be changed by a flow without harm to what is sent", async () => {
    const { next, bodies } = server();
    const scribbles: AuthScheme = {
      name: "scribbles",
      requiresRequestBody: true,
      *authFlow(request) {
        request.content.fill(0);
        yield request;
      },
    };

    for (const body of ["text", encode("text"), stream("te", "xt"), () => "text"]) {
      await runFlow(scribbles, next)(CALL, upload(body));
    }

    expect(bodies).toEqual(["text", "text", "text", "text"]);
  });
});

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
