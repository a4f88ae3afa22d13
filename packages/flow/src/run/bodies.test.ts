// DESIGN promise 5: what a body is on the wire, the first and every further time.
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import * as undici from "undici";
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { streamOf } from "../fixtures/streams.ts";
import { type Arrival, loopback, sha256 } from "../fixtures/loopback.ts";
import { type AuthScheme, runFlow } from "../index.ts";

const CHALLENGE = 'Test realm="bodies"';

/** A platform: a fetch, and the classes that it knows. */
interface Client {
  readonly client: string;
  readonly fetch: typeof fetch;
  readonly Request: typeof Request;
  readonly FormData: typeof FormData;
}

const clients: readonly Client[] = [
  { client: "Node's fetch", fetch, Request, FormData },
  // undici's own types differ from the platform's in name only.
  { client: "undici 8's fetch", ...(undici as unknown as Pick<Client, "fetch" | "Request" | "FormData">) },
];

const TEXT = "naïve café, €, \u{1F511}, and a line\r\nbreak";
const UTF8 = new TextEncoder().encode(TEXT);
const BYTES = Uint8Array.from({ length: 64 * 1024 }, (_, index) => (index * 7 + (index >> 8)) % 256);

function* chunked(bytes: Uint8Array, size = 4096): Generator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += size) yield bytes.slice(start, start + size);
}

async function* trickled(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const chunk of chunked(bytes)) {
    await setImmediate();
    yield chunk;
  }
}

function form(platform: Client): FormData {
  const data = new platform.FormData();
  data.append('na"me\nof it', TEXT);
  data.append("file", new File([BYTES], 'da"ta.bin', { type: "application/x-test" }));
  data.append("empty", new File([], "empty.txt"));
  return data;
}

interface Kind {
  readonly kind: string;
  readonly make: (platform: Client) => unknown;
  readonly bytes: Uint8Array | undefined;
  /** The Content-Type that the platform derives. */
  readonly type: string | undefined;
  /** Its bytes are there at once, so their number is known. */
  readonly fixed: boolean;
}

const kinds: readonly Kind[] = [
  { kind: "a string", make: () => TEXT, bytes: UTF8, type: "text/plain;charset=UTF-8", fixed: true },
  {
    kind: "a Uint8Array in a larger buffer",
    make: () => new Uint8Array(Uint8Array.of(1, ...UTF8, 2).buffer, 1, UTF8.byteLength),
    bytes: UTF8,
    type: undefined,
    fixed: true,
  },
  { kind: "an ArrayBuffer", make: () => BYTES.slice().buffer, bytes: BYTES, type: undefined, fixed: true },
  { kind: "a DataView", make: () => new DataView(UTF8.slice().buffer), bytes: UTF8, type: undefined, fixed: true },
  {
    kind: "a Blob with a type",
    make: () => new Blob([UTF8], { type: "text/x-test" }),
    bytes: UTF8,
    type: "text/x-test",
    fixed: true,
  },
  { kind: "a Blob without a type", make: () => new Blob([BYTES]), bytes: BYTES, type: undefined, fixed: true },
  {
    kind: "URLSearchParams",
    make: () => new URLSearchParams([["a b", "c&d=é"]]),
    bytes: new TextEncoder().encode("a+b=c%26d%3D%C3%A9"),
    type: "application/x-www-form-urlencoded;charset=UTF-8",
    fixed: true,
  },
  { kind: "a FormData with files", make: form, bytes: undefined, type: "multipart/form-data", fixed: true },
  {
    kind: "a stream of 64 KiB",
    make: () => streamOf(trickled(BYTES)),
    bytes: BYTES,
    type: undefined,
    fixed: false,
  },
  {
    kind: "a Readable of Node",
    make: () => Readable.from(trickled(BYTES)),
    bytes: BYTES,
    type: undefined,
    fixed: false,
  },
  { kind: "an async iterable", make: () => trickled(BYTES), bytes: BYTES, type: undefined, fixed: false },
];

const duplex = { duplex: "half" } as object;

interface Carrier {
  readonly carrier: string;
  readonly again: boolean; // made anew for each send
  readonly call: (kind: Kind, url: string, platform: Client) => readonly [string | Request, RequestInit];
}

const carriers: readonly Carrier[] = [
  {
    carrier: "in init.body",
    again: false,
    call: ({ make }, url, platform) => [url, { method: "PUT", body: make(platform) as BodyInit, ...duplex }],
  },
  {
    carrier: "from a factory",
    again: true,
    call: ({ make }, url, platform) => [url, { method: "PUT", body: (() => make(platform)) as unknown as BodyInit }],
  },
  {
    carrier: "from a factory that waits",
    again: true,
    call: ({ make }, url, platform) => [
      url,
      { method: "PUT", body: (async () => make(platform)) as unknown as BodyInit },
    ],
  },
  {
    carrier: "in a Request",
    again: false,
    call: ({ make }, url, platform) => [
      new platform.Request(url, { method: "PUT", body: make(platform) as BodyInit, ...duplex }),
      {},
    ],
  },
];

/** The entries of a form as they arrived, files as text. */
async function entriesOf({ bytes, headers }: Arrival): Promise<unknown> {
  const parsed = await new Response(bytes, { headers: { "content-type": headers["content-type"] ?? "" } }).formData();
  return Promise.all(
    [...parsed].map(async ([name, value]) =>
      typeof value === "string"
        ? [name, value]
        : [name, value.name, value.type, sha256(new Uint8Array(await value.arrayBuffer()))],
    ),
  );
}

/** What a form that was parsed after its way through multipart/form-data says: line ends are normalised. */
const FORM_ENTRIES = [
  ['na"me\r\nof it', TEXT],
  ["file", 'da"ta.bin', "application/x-test", sha256(BYTES)],
  ["empty", "empty.txt", "application/octet-stream", sha256(new Uint8Array())],
];

const reasons = [
  { reason: "after a 401", first: 401, headers: { "www-authenticate": CHALLENGE } },
  { reason: "after a 307", first: 307, headers: { location: "/second" } },
  { reason: "after a 308", first: 308, headers: { location: "/second" } },
];

describe.each(clients)("a body on $client", (platform) => {
  describe.each(reasons)("sent again $reason", ({ first, headers }) => {
    for (const carrier of carriers) {
      for (const kind of kinds) {
        it(`arrives byte for byte both times: ${kind.kind}, ${carrier.carrier}`, async () => {
          const server = await loopback(async (arrival, response) => {
            await arrival.read();
            const again = server.arrivals.length > 1;
            response.writeHead(again ? 200 : first, again ? {} : headers).end();
          });
          const authFetch = runFlow(answers, platform.fetch);
          const [input, init] = carrier.call(kind, `${server.origin}/first`, platform);

          const response = await authFetch(input, init);

          expect(response.status).toBe(200);
          expect(server.arrivals.map(({ method }) => method)).toEqual(["PUT", "PUT"]);
          expect(await Promise.all(server.arrivals.map(({ whole }) => whole))).toEqual([true, true]);
          if (kind.bytes) {
            const hash = sha256(kind.bytes);
            expect(server.arrivals.map((arrival) => arrival.sha256)).toEqual([hash, hash]);
          } else {
            for (const arrival of server.arrivals) expect(await entriesOf(arrival)).toEqual(FORM_ENTRIES);
            const [one, two] = server.arrivals;
            if (!carrier.again) expect(two?.sha256).toBe(one?.sha256);
          }
        });
      }
    }
  });

  describe("its headers", () => {
    for (const carrier of carriers) {
      for (const kind of kinds) {
        it(`say what the platform would say, both times: ${kind.kind}, ${carrier.carrier}`, async () => {
          const server = await loopback(async (arrival, response) => {
            await arrival.read();
            response.writeHead(arrival.headers.authorization ? 200 : 401, { "www-authenticate": CHALLENGE }).end();
          });
          const [input, init] = carrier.call(kind, server.origin, platform);

          await runFlow(answers, platform.fetch)(input, init);

          const types = server.arrivals.map((arrival) => arrival.headers["content-type"]);
          expect(types.map((type) => type?.split("; boundary=")[0])).toEqual([kind.type, kind.type]);
          if (!carrier.again) expect(types[0]).toBe(types[1]);
          if (!kind.fixed) return;
          for (const arrival of server.arrivals) {
            expect(arrival.headers["content-length"]).toBe(String(arrival.bytes.byteLength));
            expect(arrival.headers).not.toHaveProperty("transfer-encoding");
          }
        });
      }
    }
  });
});

describe("a body factory", () => {
  const elsewhere: AuthScheme = { ...answers, origins: ["https://elsewhere.example"] };
  const paths = [
    { path: "where the scheme acts", authFetch: runFlow(answers, fetch), init: {} },
    { path: "outside of the scheme's origins", authFetch: runFlow(elsewhere, fetch), init: {} },
    {
      path: "where the caller wants no authentication",
      authFetch: runFlow(answers, fetch),
      init: { authflow: { origin: "https://example.com", off: true } },
    },
    { path: "with a layer in between", authFetch: runFlow(answers, between(runFlow(answers, fetch))), init: {} },
  ];

  function between(next: typeof fetch): typeof fetch {
    return (input, init) => next(input, { ...init });
  }

  describe.each(paths)("is resolved $path", ({ authFetch, init }) => {
    it.each(kinds)("to $kind", async ({ make, bytes }) => {
      const server = await loopback(async (arrival, response) => {
        await arrival.read();
        response.end();
      });
      const body = async (): Promise<unknown> => make({ client: "Node's fetch", fetch, Request, FormData });

      await authFetch(server.origin, { method: "PUT", body: body as unknown as BodyInit, ...init });

      const [arrival] = server.arrivals;
      if (bytes) expect(arrival?.sha256).toBe(sha256(bytes));
      else if (arrival) expect(await entriesOf(arrival)).toEqual(FORM_ENTRIES);
    });
  });

  it("is resolved for a URL that is no HTTP one", async () => {
    const inits: (RequestInit | undefined)[] = [];
    const next = async (_: string, init?: RequestInit): Promise<Response> => {
      inits.push(init);
      return new Response("ok");
    };
    await runFlow(answers, next)("blob:1234", { method: "POST", body: (() => "made") as unknown as BodyInit });
    expect(inits[0]?.body).toBe("made");
  });

  it("is called once for each send, and not for requests that have no body", async () => {
    let calls = 0;
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      if (arrival.path === "/first" && !arrival.headers.authorization) response.writeHead(401).end();
      else if (arrival.path === "/first") response.writeHead(303, { location: "/second" }).end();
      else response.end();
    });
    const body = (): string => `body ${++calls}`;

    await runFlow(answers, fetch)(`${server.origin}/first`, { method: "POST", body: body as unknown as BodyInit });

    expect(server.arrivals.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["body 1", "body 2", ""]);
  });

  it("that fails fails the call with its very error, which the flow may handle", async () => {
    const error = new Error("the file is gone");
    const body = (() => Promise.reject(error)) as unknown as BodyInit;
    const caught: unknown[] = [];
    const notes: AuthScheme = {
      name: "notes",
      *authFlow(request) {
        try {
          yield request;
        } catch (error_) {
          caught.push(error_);
          throw error_;
        }
      },
    };

    const call = runFlow(notes, fetch)("https://example.com/", { method: "POST", body });

    await expect(call).rejects.toBe(error);
    expect(caught).toEqual([error]);
  });

  it("may make no body", async () => {
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.end();
    });
    for (const made of [null, undefined]) {
      const body = (() => made) as unknown as BodyInit;
      await runFlow(answers, fetch)(server.origin, { method: "POST", body });
    }
    expect(server.arrivals.map(({ bytes }) => bytes.byteLength)).toEqual([0, 0]);
  });
});

describe("a Request of a runtime that shows no bodies, such as Firefox", () => {
  class Opaque extends Request {
    override get body(): null {
      return undefined as unknown as null; // it has no such member
    }
  }

  it("is sent with its body, the first and the second time", async () => {
    const bodies: string[] = [];
    const next = async (request: Request): Promise<Response> => {
      bodies.push(await request.text());
      return new Response(null, { status: request.headers.has("authorization") ? 200 : 401 });
    };

    await runFlow(answers, next)(new Opaque("https://example.com/", { method: "POST", body: TEXT }));
    await runFlow(answers, next)(new Opaque("https://example.com/", { method: "POST" }));

    expect(bodies).toEqual([TEXT, TEXT, "", ""]);
  });
});
