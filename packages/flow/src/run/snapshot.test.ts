// What is sent again is what the caller gave, whatever became of it since.
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { clients } from "../fixtures/clients.ts";
import { loopback } from "../fixtures/loopback.ts";
import { streamOf, upload } from "../fixtures/streams.ts";
import { type AuthScheme, runFlow } from "../index.ts";

const twice: AuthScheme = {
  name: "twice",
  async *authFlow(request) {
    await Promise.resolve(); // so that even the first send comes after fetch() has returned
    yield request;
    yield request;
  },
};

const once: AuthScheme = {
  name: "once",
  sendsOnce: true,
  *authFlow(request) {
    yield request;
  },
};

/** A fetch that reads each body to its end. */
function reader() {
  const bodies: string[] = [];
  const next = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    bodies.push(await new Request(input, init).text());
    return new Response("ok");
  };
  return { next, bodies };
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const cases: readonly {
  what: string;
  readonly make: () => { readonly body: BodyInit; readonly spoil: () => void };
  sent: string | RegExp;
}[] = [
  {
    what: "a Uint8Array that is filled anew",
    make: () => {
      const body = encode("bytes");
      return { body, spoil: () => void body.fill(0) };
    },
    sent: "bytes",
  },
  {
    what: "a view of a buffer that is filled anew",
    make: () => {
      const buffer = encode("<bytes>");
      return { body: new DataView(buffer.buffer, 1, 5), spoil: () => void buffer.fill(0) };
    },
    sent: "bytes",
  },
  {
    what: "an ArrayBuffer that is transferred elsewhere",
    make: () => {
      const { buffer } = encode("bytes");
      return { body: buffer, spoil: () => void structuredClone(buffer, { transfer: [buffer] }) };
    },
    sent: "bytes",
  },
  {
    what: "URLSearchParams that get another pair",
    make: () => {
      const body = new URLSearchParams("a=1");
      return { body, spoil: () => body.append("b", "2") };
    },
    sent: "a=1",
  },
  {
    what: "a FormData that gets another entry",
    make: () => {
      const body = new FormData();
      body.append("a", "1");
      return { body, spoil: () => body.append("b", "2") };
    },
    sent: /^--\S+\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--\S+--\r\n$/,
  },
];

describe("a body that its caller changes once fetch() has returned", () => {
  it.each(cases)("is sent as it was, both times: $what", async ({ make, sent }) => {
    const { next, bodies } = reader();
    const { body, spoil } = make();

    const call = runFlow(twice, next)("https://example.com/", { method: "POST", body });
    spoil();
    await call;

    expect(bodies).toHaveLength(2);
    for (const text of bodies) expect(text).toMatch(sent);
    expect(bodies[1]).toBe(bodies[0]);
  });

  it.each(cases)(
    "is sent as it was by a scheme that sends once and waits before it does: $what",
    async ({ make, sent }) => {
      const { next, bodies } = reader();
      const { body, spoil } = make();
      const waits: AuthScheme = {
        name: "waits",
        sendsOnce: true,
        async *authFlow(request) {
          await Promise.resolve();
          yield request;
        },
      };

      const call = runFlow(waits, next)("https://example.com/", { method: "POST", body });
      spoil();
      await call;

      expect(bodies).toHaveLength(1);
      expect(bodies[0]).toMatch(sent);
    },
  );

  // https://fetch.spec.whatwg.org/#concept-bodyinit-extract: "Set source to a copy of the bytes held by object."
  describe.each([{ replayLimit: 3 }, { replayLimit: 1024 }])("by a scheme that sends once, after a 307", (options) => {
    const bytesOnly = cases.filter(({ what }) => !what.includes("FormData")); // which the standard leaves as it is by then

    it.each(bytesOnly)(`is sent as it was, replayLimit: ${options.replayLimit}: $what`, async ({ make, sent }) => {
      const { next, bodies } = reader();
      const { body, spoil } = make();
      let step = 0;
      const moving = async (...input: Parameters<typeof next>): Promise<Response> => {
        const response = await next(...input);
        if (step++ > 0) return response;
        spoil();
        return new Response(null, { status: 307, headers: { location: "/again" } });
      };

      await runFlow(once, moving, options)("https://example.com/", { method: "POST", body });

      expect(bodies).toHaveLength(2);
      for (const text of bodies) expect(text).toMatch(sent);
    });
  });

  it.each(clients)("goes out with its length and no type by $client, where it is kept as a Blob", async ({ fetch }) => {
    const server = await loopback(async (arrival, response) => {
      await arrival.read();
      response.writeHead(server.arrivals.length === 1 ? 307 : 200, { location: "/again" }).end();
    });

    await runFlow(once, fetch, { replayLimit: 3 })(server.origin, { method: "POST", body: encode("bytes") });

    for (const { headers, bytes } of server.arrivals) {
      expect([headers["content-length"], headers["content-type"]]).toEqual(["5", undefined]);
      expect(new TextDecoder().decode(bytes)).toBe("bytes");
    }
    expect(server.arrivals).toHaveLength(2);
  });

  it("is sent as it was where Blob is one that fetch doesn't know, as with jsdom", async () => {
    vi.stubGlobal("Blob", function Blob() {}); // whose like fetch sends as "[object Blob]"
    onTestFinished(() => void vi.unstubAllGlobals());
    const { next, bodies } = reader();
    const body = encode("bytes");
    const call = runFlow({ ...twice, sendsOnce: true }, next, { replayLimit: 3 })("https://example.com/", {
      method: "POST",
      body,
    });
    body.fill(0);
    await call;
    expect(bodies).toEqual(["bytes", "bytes"]);
  });

  it("is sent as it was, where a stream gives the same buffer each time", async () => {
    const { next, bodies } = reader();
    const buffer = new Uint8Array(1);
    function* filled(): Generator<Uint8Array<ArrayBuffer>> {
      for (const letter of ["a", "b", "c"]) {
        buffer.set(encode(letter));
        yield buffer;
      }
    }

    await runFlow(twice, next)("https://example.com/", upload(streamOf(filled())));

    expect(bodies).toEqual(["abc", "abc"]);
  });

  it("is sent as it was, where the fetch inside takes the buffers of the stream for itself", async () => {
    const seen: string[] = [];
    const takes = async (_: unknown, init?: RequestInit): Promise<Response> => {
      let text = "";
      for await (const chunk of new Response(init?.body ?? null).body ?? []) {
        text += new TextDecoder().decode(structuredClone(chunk, { transfer: [chunk.buffer] }));
      }
      seen.push(text);
      return new Response("ok");
    };

    await runFlow(twice, takes)("https://example.com/", upload(streamOf([encode("ab"), encode("c")])));

    expect(seen).toEqual(["abc", "abc"]);
  });
});
