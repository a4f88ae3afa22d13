// What a body is on the wire, the first and every further time.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { entriesOf, FORM_ENTRIES, type Kind, kinds, TEXT } from "../fixtures/body-kinds.ts";
import { type Client, clients } from "../fixtures/clients.ts";
import { loopback, sha256 } from "../fixtures/loopback.ts";
import { runFlow } from "../index.ts";

const CHALLENGE = 'Test realm="bodies"';

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
