// A body of another library than the platform's is what it says that it is, or a typed error: never "[object FormData]"
// where the fetch inside would send its content.
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
import * as undici from "undici";
import { describe, expect, it } from "vitest";
import { clients } from "../fixtures/clients.ts";
import { loopback, sha256 } from "../fixtures/loopback.ts";
import { rejection } from "../fixtures/outcome.ts";
import { spy } from "../fixtures/spy.ts";
import { upload } from "../fixtures/streams.ts";
import { expectAllHandled } from "../fixtures/unhandled.ts";
import { type AuthScheme, isAuthError, runFlow } from "../index.ts";

expectAllHandled();

/** A Blob as polyfills write it: all that the standard asks for, and no instance of the platform's. */
class ForeignFile {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly name = "a.txt";
  readonly type: string;
  readonly #tag: string;

  constructor(content: string, type: string, tag = "File") {
    this.#bytes = new TextEncoder().encode(content);
    this.type = type;
    this.#tag = tag;
  }
  get [Symbol.toStringTag](): string {
    return this.#tag;
  }
  get size(): number {
    return this.#bytes.byteLength;
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer;
  }
}

class ForeignForm {
  readonly [Symbol.toStringTag] = "FormData";
  readonly entries: [string, string | ForeignFile][];

  constructor(...entries: [string, string | ForeignFile][]) {
    this.entries = entries;
  }
  [Symbol.iterator](): Iterator<[string, string | ForeignFile]> {
    return this.entries[Symbol.iterator]();
  }
}

/** As `whatwg-url` has it. */
class ForeignParams {
  readonly [Symbol.toStringTag] = "URLSearchParams";
  text = "a=b+c";

  toString(): string {
    return this.text;
  }
}

/** A web stream that is not async iterable, as they were at first. */
function foreignStream(text: string): object {
  const reader = new Blob([text]).stream().getReader();
  return { getReader: () => reader, locked: false, [Symbol.toStringTag]: "ReadableStream" };
}

function undicisForm(): undici.FormData {
  const form = new undici.FormData();
  form.append("a", "b");
  form.append("file", new File(["the content"], "a.txt"));
  return form;
}

/** Signs the content, and sends it twice, as Digest does with `auth-int`. */
const signs: AuthScheme = {
  name: "signs",
  requiresRequestBody: true,
  *authFlow(request) {
    request.headers.set("x-signed", sha256(request.content));
    yield request;
    yield request;
  },
};
const FILE = "thirteen byte"; // as many as "[object File]" has
const form = (): ForeignForm => new ForeignForm(["a", "b"], ["file", new ForeignFile(FILE, "text/x-test")]);

describe.each(clients)("a body of another library, sent by $client", ({ fetch: next }) => {
  it.each([
    { what: "undici's FormData", make: undicisForm, type: /^multipart\/form-data; boundary=/, body: "the content" },
    { what: "the FormData of a polyfill", make: form, type: /^multipart\/form-data; boundary=/, body: FILE },
    {
      what: "the Blob of a polyfill",
      make: () => new ForeignFile("text", "text/x-test", "Blob"),
      type: /^text\/x-test$/,
      body: "text",
    },
    {
      what: "the Blob of a polyfill without a type",
      make: () => new ForeignFile("text", ""),
      type: undefined,
      body: "text",
    },
    {
      what: "the URLSearchParams of a polyfill",
      make: () => new ForeignParams(),
      type: /^application\/x-www-form-urlencoded;charset=UTF-8$/,
      body: "a=b+c",
    },
    { what: "the stream of a polyfill", make: () => foreignStream("text"), type: undefined, body: "text" },
  ])("is what it says, and what is signed is what is sent, both times: $what", async ({ make, type, body }) => {
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.end();
    });

    await runFlow(signs, next)(server.origin, upload(make()));

    expect(server.arrivals).toHaveLength(2);
    for (const { headers, bytes, sha256: sum } of server.arrivals) {
      expect(headers["x-signed"]).toBe(sum);
      expect(new TextDecoder().decode(bytes)).toContain(body);
      if (type) expect(headers["content-type"]).toMatch(type);
      else expect(headers).not.toHaveProperty("content-type");
    }
  });
});

describe("a form of another library", () => {
  it("reads as the same form on the other side", async () => {
    const { calls, next } = spy();
    await runFlow(signs, next)("https://example.com/", upload(form()));

    const { body, headers }: RequestInit = calls[0]?.[1] ?? {};
    const parsed = await new Response(body, headers && { headers }).formData();
    const file = parsed.get("file") as File; // a file went in
    expect([...parsed.keys()]).toEqual(["a", "file"]);
    expect([parsed.get("a"), file.name, file.type, await file.text()]).toEqual(["b", "a.txt", "text/x-test", FILE]);
  });

  it.each([{ make: form }, { make: () => new ForeignParams() }])(
    "is sent as it was when fetch was called, whatever its caller puts into it since",
    async ({ make }) => {
      const { calls, next } = spy();
      const twice: AuthScheme = {
        name: "twice",
        async *authFlow(request) {
          await Promise.resolve();
          yield request;
          yield request;
        },
      };
      const body = make();

      const call = runFlow(twice, next)("https://example.com/", upload(body));
      if (body instanceof ForeignForm) body.entries.push(["late", "late"]);
      else body.text = "late";
      await call;

      const sent = await Promise.all(calls.map(([, init]) => new Response(init["body"] as BodyInit).text()));
      expect(sent).toHaveLength(2);
      expect(sent[0]).not.toContain("late");
      expect(sent[1]).toBe(sent[0]);
    },
  );

  it("whose file can't be read fails the call with that error, and nothing where the call fails before", async () => {
    const gone = new Error("the file is gone");
    const file = Object.assign(new ForeignFile("", ""), { arrayBuffer: () => Promise.reject(gone) });
    const body = new ForeignForm(["file", file]);
    const { calls, next } = spy();
    const left = new Error("the caller left");
    const signal = AbortSignal.abort(left);

    expect(await rejection(runFlow(signs, next)("https://example.com/", upload(body)))).toBe(gone);
    expect(await rejection(runFlow(signs, next)("https://example.com/", upload(body, { signal })))).toBe(left);
    expect(calls).toEqual([]);
  });
});

describe("an object that only the fetch inside may know", () => {
  const objects = [
    { what: "an object for a fetch that writes JSON", body: { a: 1 } },
    { what: "a list for a fetch that writes JSON", body: [1] },
    {
      what: "the FormData of the form-data package, a stream of Node's first days",
      body: { pipe() {}, [Symbol.toStringTag]: "FormData" },
    },
  ];

  it.each(objects)("is handed on as it is: $what", async ({ body }) => {
    const { calls, next } = spy();
    const plain: AuthScheme = {
      name: "plain",
      *authFlow(request) {
        yield request;
      },
    };
    await runFlow(plain, next)("https://example.com/", upload(body));
    expect(calls[0]?.[1]["body"]).toBe(body);
  });

  it.each(objects)(
    "is refused with ERR_AUTHFLOW_INVALID_BODY where a scheme asks for its bytes: $what",
    async (given) => {
      const { calls, next } = spy();
      const error = await rejection(runFlow(signs, next)("https://example.com/", upload(given.body)));
      expect(isAuthError(error, "ERR_AUTHFLOW_INVALID_BODY")).toBe(true);
      expect(error.message).toContain("only the fetch inside");
      expect(calls).toEqual([]);
    },
  );
});
