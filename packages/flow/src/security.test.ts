import { inspect } from "node:util";
import { describe, expect } from "vitest";
import { conformance, Coverage } from "./fixtures/conformance.ts";
import { failureOf } from "./fixtures/failure.ts";
import {
  basicScheme,
  cookieScheme,
  headerScheme,
  lookUpScheme,
  proofScheme,
  queryScheme,
  SECRETS,
  secretBytes,
} from "./fixtures/schemes.ts";
import { scripted } from "./fixtures/scripted.ts";
import type { Site } from "./fixtures/site.ts";
import { openSites } from "./fixtures/sites.ts";
import { defineScheme, isAuthError, runFlow, type SyncFlow } from "./index.ts";

const { items } = conformance("security") as { items: readonly { id: string }[] };

type Fetcher = typeof fetch;
const all = (next: Fetcher): Fetcher => basicScheme()(headerScheme()(queryScheme()(cookieScheme()(next))));

/** What arrives at the second of two pages. */
const follow = async (
  from: string,
  to: string,
  wrap: (next: Fetcher) => Fetcher,
  headers: Record<string, string> = {},
): Promise<{ home: Site; away: Site; response: Response }> => {
  const sites = await openSites(...new Set([from, to]));
  sites.chain(`${from}/start`, `${to}/end`);
  const response = await wrap(sites.fetch)(`${from}/start`, { headers });
  return { home: sites.at(from), away: sites.at(to), response };
};

/** Where a Location must not lead: the error, and how often anybody was asked. */
const refuse = async (location: string): Promise<void> => {
  const sites = await openSites("https://a.test");
  const site = sites.at("https://a.test").redirect("/start", location);
  const error = await failureOf(all(sites.fetch)("https://a.test/start"));
  expect([location, isAuthError(error, "ERR_AUTHFLOW_REDIRECT_TARGET")]).toEqual([location, true]);
  expect(site.visits).toHaveLength(1);
};

describe("what went wrong elsewhere (conformance/security.json)", () => {
  const known = new Coverage(items.map(({ id }) => id));

  known.spec("CVE-2018-1000007", "a header of the caller's, such as Authorization, goes to no other host", async () => {
    const { home, away } = await follow("http://a.test", "http://b.test", headerScheme(), { authorization: "c4ller" });
    expect(home.last.headers.authorization).toBe("c4ller");
    expect(secretBytes(away.wire, ["c4ller", SECRETS.header])).toBe(0);
  });

  known.spec("CVE-2022-27774/27776", "the same host is not the same origin: scheme and port count", async () => {
    const pairs = [
      ["http://a.test", "http://a.test", true],
      ["https://a.test", "https://a.test", true],
      ["http://a.test", "http://a.test:8080", false],
      ["http://a.test:8080", "http://a.test", false],
      ["http://a.test", "https://a.test", false],
      ["https://a.test", "http://a.test", false],
      ["https://a.test", "https://a.test:8443", false],
      ["http://a.test:443", "https://a.test", false],
    ] as const;
    for (const [from, to, same] of pairs) {
      const { away } = await follow(from, to, all, { "proxy-authorization": "c4ller" });
      const arrived = secretBytes(away.last.wire, [...Object.values(SECRETS), "c4ller"]) > 0;
      expect([from, to, arrived]).toEqual([from, to, same]);
    }
  });

  known.spec("CVE-2026-3783", "a token doesn't go along to a host that has looked-up credentials", async () => {
    const lookUp = lookUpScheme({ "b.test": { login: "bob", password: "build" } });
    const { away } = await follow("http://a.test", "http://b.test", (next) => basicScheme()(lookUp(next)));
    expect(away.last.headers.authorization).toBe(`Basic ${btoa("bob:build")}`);
    expect(secretBytes(away.wire)).toBe(0);
  });

  known.spec("CVE-2025-14524", "no redirect leads to another protocol", async () => {
    for (const location of ["imap://b.test/", "ldap://b.test/", "pop3://b.test/", "smtp://b.test/", "ftp://b.test/"]) {
      await refuse(location);
    }
  });

  known.spec("CVE-2026-6429", "credentials are looked up for each call and each hop, none is kept", async () => {
    const asked: string[] = [];
    const scheme = defineScheme({
      name: "asking",
      scope: "origin",
      *authFlow(request) {
        asked.push(new URL(request.url).host);
        if (asked.length === 1) request.headers.set("authorization", "first");
        yield request;
      },
    });
    const sites = await openSites("http://a.test", "http://b.test");
    sites.chain("http://a.test/start", "http://b.test/end");
    await scheme(sites.fetch)("http://a.test/start");
    await scheme(sites.fetch)("http://a.test/start");
    expect(asked).toEqual(["a.test", "b.test", "a.test", "b.test"]);
    expect(secretBytes(sites.at("http://b.test").wire, ["first"])).toBe(0);
    expect(sites.at("http://a.test").last.headers).not.toHaveProperty("authorization");
  });

  known.spec("CVE-2026-7168/8927", "no Proxy-Authorization is ever made", async () => {
    const { home, away } = await follow("http://a.test", "http://b.test", all);
    expect((home.wire + away.wire).toLowerCase()).not.toContain("proxy-authorization");
  });

  known.spec("CVE-2026-9079", "credentials that were cleared or changed are sent no more", async () => {
    let token: string | undefined = "0ld";
    const changing = defineScheme({
      name: "changing",
      *authFlow(request) {
        if (token !== undefined) request.headers.set("authorization", token);
        yield request;
      },
    });
    const sites = await openSites("http://a.test");
    const authFetch = changing(sites.fetch);
    for (const next of ["n3w", undefined]) {
      await authFetch("http://a.test/");
      token = next;
    }
    await authFetch("http://a.test/");
    expect(sites.at("http://a.test").visits.map(({ headers }) => headers.authorization)).toEqual([
      "0ld",
      "n3w",
      undefined,
    ]);
  });

  known.spec("CVE-2020-8169", "a password with #, @ and / in a URL never becomes part of host or path", async () => {
    const sites = await openSites("http://a.test");
    const site = sites.at("http://a.test").redirect("/start", "next");
    const response = await basicScheme()(sites.fetch)("http://us3r:pa%23ss%40b.test%2Fword@a.test/start");
    expect([response.url, site.visits.map(({ target }) => target)]).toEqual([
      "http://a.test/next",
      ["/start", "/next"],
    ]);
    expect(secretBytes(site.wire, ["us3r", "pa%23ss", "pa#ss", "word"])).toBe(0);
  });

  known.spec("CVE-2021-22876", "user and password of a URL stand in no Referer", async () => {
    const sites = await openSites("http://a.test", "http://b.test");
    sites.chain("http://a.test/start", "http://a.test/via", "http://b.test/end");
    await basicScheme()(sites.fetch)("http://us3r:pa55@a.test/start");
    expect(secretBytes(sites.at("http://a.test").wire + sites.at("http://b.test").wire, ["us3r", "pa55"])).toBe(0);
  });

  known.spec("CVE-2018-18074", "from https to http nothing goes along, at the same host too", async () => {
    const { away } = await follow("https://a.test", "http://a.test", all, { "proxy-authorization": "c4ller" });
    expect(secretBytes(away.wire, [...Object.values(SECRETS), "c4ller"])).toBe(0);
  });

  known.spec("CVE-2023-32681", "the caller's Proxy-Authorization doesn't follow from http to https", async () => {
    const { away } = await follow("http://a.test", "https://a.test", all, { "Proxy-Authorization": "c4ller" });
    expect(secretBytes(away.wire, ["c4ller"])).toBe(0);
  });

  known.spec(
    "CVE-2024-47081",
    "a user name that looks like a host is none: the look-up sees the host alone",
    async () => {
      const sites = await openSites("http://evil.test");
      const lookUp = lookUpScheme({ "github.com": { login: "octo", password: "c4t" } });
      await lookUp(sites.fetch)("http://github.com:x@evil.test/");
      expect(sites.at("http://evil.test").last.headers).not.toHaveProperty("authorization");
      expect(sites.at("http://evil.test").last.headers.host).toBe("evil.test");
    },
  );

  known.spec(
    "CVE-2018-20060, CVE-2018-25091, CVE-2023-43804",
    "in whatever letter case a header is given",
    async () => {
      const headers = { AUTHORIZATION: "c4ller", cOOkie: "c4ller", "proxy-AUTHORIZATION": "c4ller" };
      const { home, away } = await follow("http://a.test", "http://b.test", headerScheme(), headers);
      expect(secretBytes(home.wire, ["c4ller"])).toBe("c4ller".length * 3);
      expect(secretBytes(away.wire, ["c4ller"])).toBe(0);
    },
  );

  known.spec("CVE-2024-37891", "Proxy-Authorization follows the rule of Authorization", async () => {
    const headers = { "proxy-authorization": "c4ller" };
    const same = await follow("http://a.test", "http://a.test", headerScheme(), headers);
    expect(same.away.last.headers["proxy-authorization"]).toBe("c4ller");
    const other = await follow("http://a.test", "http://b.test", headerScheme(), headers);
    expect(secretBytes(other.away.wire, ["c4ller"])).toBe(0);
  });

  known.spec(
    "CVE-2023-45143, GHSA-3787-6prv-h9w3, GHSA-m4v8-wqvr-p9f7",
    "Authorization, Proxy-Authorization, Cookie, Host and every header of a scheme stay at home",
    async () => {
      const moved = new Response(null, { status: 302, headers: { location: "https://b.test/end" } });
      const next = scripted(moved, new Response());
      const headers = {
        authorization: "c4ller",
        "proxy-authorization": "c4ller",
        cookie: "c4ller",
        host: "c4ller.test",
      };
      await headerScheme()(next)("https://a.test/start", { headers: { ...headers, "x-own": "1" } });
      const [home, away] = next.requests;
      expect(Object.fromEntries(home?.headers ?? [])).toEqual({
        ...headers,
        "x-own": "1",
        "x-api-key": SECRETS.header,
      });
      expect(Object.fromEntries(away?.headers ?? [])).toEqual({ "x-own": "1" });
    },
  );

  known.spec(
    "undici#4917, node-fetch#1880, CVE-2026-40895 (follow-redirects)",
    "an API key's own header, too",
    async () => {
      for (const name of ["x-api-key", "x-auth-token", "api-key", "dpop", "signature"]) {
        const { home, away } = await follow("http://a.test", "http://b.test", headerScheme(SECRETS.header, name));
        expect([name, home.last.headers[name], away.last.headers[name]]).toEqual([name, SECRETS.header, undefined]);
      }
    },
  );

  known.spec(
    "CVE-2022-0155/0536, CVE-2024-28849",
    "none of these on any later hop, from https to http included",
    async () => {
      const sites = await openSites("https://a.test", "http://a.test", "http://b.test");
      sites.chain("https://a.test/start", "http://a.test/1", "http://b.test/2", "https://a.test/3");
      const headers = { authorization: "c4ller", "proxy-authorization": "c4ller", cookie: "c4ller" };
      await all(sites.fetch)("https://a.test/start", { headers });
      const later =
        sites.at("http://a.test").wire + sites.at("http://b.test").wire + sites.at("https://a.test").last.wire;
      expect(secretBytes(later, [...Object.values(SECRETS), "c4ller"])).toBe(0);
    },
  );

  known.spec(
    "CVE-2022-0235, node-fetch#1599, #1863",
    "origins are compared whole, whatever they look like",
    async () => {
      const hosts = [
        "http://a.test.evil.test",
        "http://a.test-evil.test",
        "http://xa.test",
        "http://a.tes",
        "http://a.test:81",
      ];
      for (const host of hosts) {
        const { away } = await follow("http://a.test", host, all);
        expect([host, secretBytes(away.wire)]).toEqual([host, 0]);
      }
    },
  );

  known.spec("CVE-2022-1365", "the caller's cookies go to no other origin", async () => {
    const { home, away } = await follow("http://a.test", "http://b.test", headerScheme(), { cookie: "sid=c4ller" });
    expect(home.last.headers.cookie).toBe("sid=c4ller");
    expect(away.last.headers).not.toHaveProperty("cookie");
  });

  known.spec("CVE-2026-44486 / GHSA-j5f8-grm9-p9fc", "a dropped Proxy-Authorization doesn't come back", async () => {
    const sites = await openSites("http://a.test", "http://b.test");
    sites.chain("http://a.test/start", "http://b.test/via", "http://a.test/end");
    await all(sites.fetch)("http://a.test/start", { headers: { "proxy-authorization": "c4ller" } });
    expect(secretBytes(sites.at("http://b.test").wire + sites.at("http://a.test").last.wire, ["c4ller"])).toBe(0);
  });

  known.spec("CVE-2022-33987", "no redirect leads to a socket or a file of this machine", async () => {
    for (const location of ["unix:/var/run/docker.sock:/x", "file:///etc/passwd", "data:,x", "blob:https://a.test/x"]) {
      await refuse(location);
    }
  });

  known.spec(
    "CVE-2023-45289, CVE-2024-45336, CVE-2025-4673",
    "dropped for good: subdomains and second hops too",
    async () => {
      const sites = await openSites("http://a.test", "http://sub.a.test");
      sites.chain("http://a.test/start", "http://sub.a.test/1", "http://sub.a.test/2", "http://a.test/end");
      const headers = { authorization: "c4ller", "proxy-authorization": "c4ller", cookie: "c4ller" };
      await all(sites.fetch)("http://a.test/start", { headers });
      const later = sites.at("http://sub.a.test").wire + sites.at("http://a.test").last.wire;
      expect(sites.at("http://sub.a.test").visits).toHaveLength(2);
      expect(secretBytes(later, [...Object.values(SECRETS), "c4ller"])).toBe(0);
    },
  );

  known.spec(
    "aiohttp digest fix (tests test_does_not_answer_cross_origin_*)",
    "a challenge from elsewhere is not answered",
    async () => {
      const sites = await openSites("http://a.test", "http://b.test");
      sites.chain("http://a.test/start", "http://b.test/end");
      const challenge = { status: 401, headers: { "www-authenticate": 'Proof nonce="n1"' } };
      sites.at("http://b.test").on("/end", challenge);
      const response = await proofScheme("pr00f")(sites.fetch)("http://a.test/start");
      expect([response.status, response.url]).toEqual([401, "http://b.test/end"]);
      expect([sites.at("http://a.test").visits.length, sites.at("http://b.test").visits.length]).toEqual([1, 1]);

      const back = await openSites("http://a.test", "http://b.test");
      back.chain("http://a.test/start", "http://b.test/via", "http://a.test/end");
      back.at("http://a.test").on("/end", challenge);
      await proofScheme("pr00f")(back.fetch)("http://a.test/start");
      expect(back.at("http://a.test").visits, "nor one from home on the return").toHaveLength(2);
    },
  );

  known.spec(
    "secret in errors/logs",
    "inspect, JSON and text of a scheme and of a wrapped fetch show none",
    async () => {
      class Keeping {
        readonly name = "keeping";
        readonly #password = "pl4nted";
        *authFlow(request: Request): SyncFlow {
          request.headers.set("authorization", this.#password);
          yield request;
        }
      }
      const lost = new TypeError("fetch failed");
      const next: Fetcher = () => Promise.reject(lost);
      const authFetch = runFlow(new Keeping(), next);
      const error = await failureOf(authFetch("https://us3r:pl4nted@a.test/?token=pl4nted"));
      for (const value of [new Keeping(), defineScheme(new Keeping()), authFetch, error]) {
        const text = inspect(value, { depth: Infinity, showHidden: true }) + JSON.stringify(value);
        expect(text).not.toContain("pl4nted");
      }
    },
  );

  known.complete([
    // netrc
    "CVE-2024-11053",
    "CVE-2025-0167",
    "CVE-2026-8926",
    // digest
    "CVE-2026-11856",
    "digest downgrade",
    "dotnet/corefx#28378",
    "okhttp-digest#8",
    "timing",
    // negotiate
    "CVE-2026-1965/5545, CVE-2014-0015",
    // challenge
    "requests-kerberos#145; CVE-2020-8492 (CPython urllib WWW-Authenticate)",
    // every scheme that takes credentials as text
    "CRLF injection",
    "CVE-2016-8616",
    // no proxies here, and no case of its own
    "CVE-2026-6253",
    "hackney#805, postman-request#113, adobe/fetch#447",
  ]);
});
