import { compose } from "@authflow/core";
import type { FetchMiddleware } from "@authflow/flow";
import { type ReceivedRequest, startOrigins, trustCertificate } from "@authflow/testing/server";
import { describe, expect, it } from "vitest";
import { apiKey } from "./index.ts";

const header = apiKey({ header: "x-pin", value: "pl4nted-header" });
const query = apiKey({ query: "pin", value: "pl4nted-query" });
const cookie = apiKey({ cookie: "pin", value: "pl4nted-cookie" });

/** A layer that knows nothing of authentication, such as a retry. */
const layer =
  (next: typeof fetch): typeof fetch =>
  (input, init) =>
    next(input, { ...init });

/** The keys, and what the caller gives in their places, which is a key as well. */
const forms: readonly (readonly [string, FetchMiddleware, Readonly<Record<string, string>>])[] = [
  ["in a header", header, { "X-Pin": "pl4nted-by-the-caller" }],
  ["in the query", query, {}],
  ["in a cookie", cookie, { cookie: "pin=pl4nted-by-the-caller; other=pl4nted-too" }],
  ["in all three places", compose(header, query, cookie), { "x-pin": "pl4nted-by-the-caller" }],
  ["in all three, with a layer in between", compose(header, layer, query, layer, cookie), { "x-pin": "pl4nted-too" }],
];

/** How often a key stands in what came over the wire. */
function keysIn(requests: readonly ReceivedRequest[]): number {
  const wire = requests.map(({ target, rawHeaders, text }) => JSON.stringify([target, rawHeaders, text])).join("\n");
  return wire.split("pl4nted").length - 1;
}

describe.each(forms)("a key %s", (_, wrap, headers) => {
  const authFetch = wrap(fetch) as typeof fetch;

  it("arrives at each hop of its origin, and no byte of it at another port, name, address or scheme, nor on the way back", async () => {
    using trust = trustCertificate();
    expect(trust).toBeDefined();
    const places = {
      port: {},
      name: { hostname: "localhost" },
      address: { address: "127.0.0.2" },
      secure: { https: true },
    };
    await using origins = await startOrigins({ home: {}, ...places });
    const { home, ...others } = origins.servers;
    for (const away of Object.values(others)) {
      for (const status of [301, 302, 303, 307, 308]) {
        const leave = away.redirect(away.redirect(home.url("/back"), { status }), { status });
        const start = home.redirect(home.redirect(leave, { status }), { status });
        const response = await authFetch(start, { method: "POST", body: "text", headers });
        expect([response.status, response.url]).toEqual([200, home.url("/back")]);
      }
      expect([away.requests.length, keysIn(away.requests)]).toEqual([10, 0]);
    }
    const hops = home.requests.map((request) => [request.target !== "/back", keysIn([request]) > 0]);
    expect(hops).toEqual(
      Array.from({ length: 20 }, () => [
        [true, true],
        [true, true],
        [false, false],
      ]).flat(),
    );
  });

  it("stays at home where https leads to plain http", async () => {
    using trust = trustCertificate();
    expect(trust).toBeDefined();
    await using origins = await startOrigins({ home: { https: true }, plain: {} });
    const { home, plain } = origins.servers;
    await authFetch(home.redirect(plain.url("/")), { headers });
    expect(keysIn(home.requests)).toBeGreaterThan(0);
    expect([plain.requests.length, keysIn(plain.requests)]).toEqual([1, 0]);
  });
});

describe.each(forms.filter(([name]) => /query|all/.test(name)))("a key %s", (_, wrap) => {
  it.each([
    ["among others", (away: string, home: string) => `${away}/?a=1&${new URL(home).search.slice(1)}&b=2`],
    [
      "as a value",
      (away: string, home: string) => `${away}/?again=${encodeURIComponent(new URL(home).search.slice(1))}&b=2`,
    ],
    ["in a pair of another name", (away: string) => `${away}/?a=1&code=x-pl4nted-query-y`],
    ["in a URL of its own", (away: string, home: string) => `${away}/login?return_to=${encodeURIComponent(home)}`],
  ])("doesn't go along in a Location elsewhere that repeats the query %s", async (__, locate) => {
    await using origins = await startOrigins({ home: {}, away: {} });
    const { home, away } = origins.servers;
    const location = locate(away.origin, home.url("/?pin=pl4nted-query"));
    await (wrap(fetch) as typeof fetch)(home.redirect(location));
    expect(home.requests[0]?.target).toContain("&pin=pl4nted-query");
    expect([away.requests.length, keysIn(away.requests)]).toEqual([1, 0]);
  });
});
