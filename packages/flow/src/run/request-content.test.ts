// A flow that asks reads the bytes of the call's body, which are what is sent.
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
