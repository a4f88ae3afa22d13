import { basic } from "@authflow/basic";
import { compose } from "@authflow/core";
import type { FetchMiddleware, SyncScheme } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { conformance } from "./fixtures/cases.ts";
import { refusalOf, sent } from "./fixtures/sent.ts";
import { apiKey } from "./index.ts";

const target = "https://api.example.com/";
const ALADDIN = { username: "Aladdin", password: "open sesame" };
const CREDENTIALS = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
const header = apiKey({ header: "x-api-key", value: "k1" });
const query = apiKey({ query: "api_key", value: "k2" });
const cookie = apiKey({ cookie: "key", value: "k3" });

describe("conformance/httpx-behaviours.json", () => {
  const { cases } = conformance("httpx-behaviours.json") as { cases: readonly { id: string }[] };

  const behaviours: Readonly<Record<string, () => Promise<void>>> = {
    "ha-header-key": async () => {
      const byDefault = await sent({ header: true, value: "my_provided_api_key" });
      expect([...byDefault.headers]).toEqual([["x-api-key", "my_provided_api_key"]]);
      const named = await sent({ header: "X-Custom", value: "my_provided_api_key" });
      expect([...named.headers]).toEqual([["x-custom", "my_provided_api_key"]]);
      expect(refusalOf({ header: true, value: "" })).toMatchObject({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" });
    },
    "ha-query-key": async () => {
      const byDefault = await sent({ query: true, value: "k" }, "https://api.example.com/?a=1");
      expect(byDefault.url).toBe("https://api.example.com/?a=1&api_key=k");
      expect((await sent({ query: "key", value: "k" })).url).toBe("https://api.example.com/?key=k");
    },
    // Both applied, in one request, at any depth.
    "ha-multi": async () => {
      const stacks: readonly FetchMiddleware[] = [
        compose(basic(ALADDIN), header, query, cookie),
        compose(cookie, query, header, basic(ALADDIN)),
        compose(compose(header, compose(basic(ALADDIN), cookie)), query),
      ];
      for (const stack of stacks) {
        const fetch = scriptedFetch([
          {
            expect: {
              url: "https://api.example.com/?api_key=k2",
              authorization: CREDENTIALS,
              headers: { "x-api-key": "k1", cookie: "key=k3" },
              onlyHeaders: true,
            },
            reply: {},
          },
        ]);
        await (stack(fetch) as typeof fetch)(target);
        fetch.done();
      }
    },
    // HTTPX gives the 401 back, since only the first step of each flow is run; here each flow runs to its end.
    "ha-multi-second-step": async () => {
      const challenged = (): SyncScheme => basic({ ...ALADDIN, preemptive: false }); // which has accepted nothing yet
      const stacks: readonly FetchMiddleware[] = [
        compose(challenged(), header, query, cookie),
        compose(header, query, cookie, challenged()),
        compose(header, challenged(), compose(query, cookie)),
      ];
      for (const stack of stacks) {
        const keys = { url: "https://api.example.com/?api_key=k2", headers: { "x-api-key": "k1", cookie: "key=k3" } };
        const fetch = scriptedFetch([
          {
            expect: { ...keys, authorization: null, body: "text" },
            reply: { status: 401, headers: { "www-authenticate": "Basic" } },
          },
          { expect: { ...keys, authorization: CREDENTIALS, body: "text" }, reply: {} },
        ]);
        const response = await (stack(fetch) as typeof fetch)(target, { method: "POST", body: "text" });
        fetch.done();
        expect(response.status).toBe(200);
      }
    },
  };

  it("has these cases", () => {
    expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(behaviours)));
  });

  it.each(Object.entries(behaviours))("%s", (_, behaves) => behaves());
});

describe("conformance/security.json", () => {
  const { items } = conformance("security.json") as { items: readonly { id: string }[] };
  const keysOf = ({ url, headers }: { url: string; headers: Headers }): unknown[] => [
    new URL(url).searchParams.get("api_key"),
    headers.get("x-api-key"),
    headers.get("cookie"),
  ];

  /** What each request carried on the way through redirects, of the three keys. */
  async function journey(...locations: readonly string[]): Promise<unknown[][]> {
    const fetch = scriptedFetch([
      ...locations.map((location) => ({ reply: { status: 307, headers: { location } } })),
      { reply: {} },
    ]);
    await compose(header, query, cookie)(fetch)(target);
    fetch.done();
    return fetch.calls.map(keysOf);
  }
  const all = ["k2", "k1", "key=k3"];
  const none = [null, null, null];

  const holds: Readonly<Record<string, () => Promise<void> | void>> = {
    "undici#4917, node-fetch#1880, CVE-2026-40895 (follow-redirects)": async () => {
      for (const elsewhere of ["https://other.test/", "https://api.example.com:8443/", "http://api.example.com/"]) {
        expect(await journey(elsewhere)).toEqual([all, none]);
      }
    },
    "CVE-2023-45143, GHSA-3787-6prv-h9w3, GHSA-m4v8-wqvr-p9f7": async () => {
      expect(await journey("https://other.test/", "https://other.test/next")).toEqual([all, none, none]);
    },
    "CVE-2023-45289, CVE-2024-45336, CVE-2025-4673": async () => {
      expect(await journey("https://sub.api.example.com/", "https://api.example.com/")).toEqual([all, none, none]);
    },
    "CVE-2018-20060, CVE-2018-25091, CVE-2023-43804": async () => {
      const upper = apiKey({ header: "X-API-KEY", value: "k1" });
      const moved = { status: 307, headers: { location: "https://other.test/" } };
      const fetch = scriptedFetch([{ reply: moved }, { reply: {} }]);
      await upper(fetch)(target, { headers: { "x-Api-kEy": "caller's", Cookie: "caller's=1" } });
      fetch.done();
      expect(fetch.calls.map(keysOf)).toEqual([[null, "k1", "caller's=1"], none]);
    },
    "CRLF injection": () => {
      for (const place of ["header", "query", "cookie"]) {
        for (const end of ["\r\n", "\n", "\r", "\0", "\r\nX-Injected: 1"]) {
          expect(refusalOf({ [place]: "key", value: `k1${end}` })).toMatchObject({
            code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
          });
        }
      }
      for (const place of ["header", "cookie"]) {
        expect(refusalOf({ [place]: "key\r\nX-Injected: 1", value: "k1" })).toMatchObject({
          code: "ERR_AUTHFLOW_INVALID_OPTION",
        });
      }
    },
  };

  it("has these entries", () => {
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(holds)));
  });

  it.each(Object.entries(holds))("%s", (_, hold) => hold());
});
