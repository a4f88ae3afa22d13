import { describe, expect } from "vitest";
import { conformance, Coverage } from "./fixtures/conformance.ts";
import { failureOf } from "./fixtures/failure.ts";
import { basicScheme, headerScheme, proofFor, proofScheme, SECRETS } from "./fixtures/schemes.ts";
import type { Site } from "./fixtures/site.ts";
import { openSites } from "./fixtures/sites.ts";
import { BodyNotReplayableError, defineScheme, historyOf } from "./index.ts";

const { cases } = conformance("httpx-behaviours") as { cases: readonly { id: string; area: string }[] };
const BASIC = `Basic ${SECRETS.basic}`;

/** Wraps as a call with no credentials of a scheme, for what becomes of the caller's own header. */
const plain = defineScheme({
  name: "plain",
  *authFlow(request) {
    yield request;
  },
});

const authorizations = ({ visits }: Site): (string | undefined)[] => visits.map(({ headers }) => headers.authorization);

describe("HTTPX's redirects (conformance/httpx-behaviours.json), and what is better or decided otherwise", () => {
  const httpx = new Coverage(cases.filter(({ area }) => area === "redirects").map(({ id }) => id));

  /** What arrives at two pages, one redirecting to the other, of the caller's own header and of a scheme's. */
  const arrivals = async (from: string, to: string): Promise<object> => {
    const sites = await openSites(...new Set([from, to]));
    sites.chain(`${from}/start`, `${to}/end`);
    const own = { headers: { authorization: "abc" } };
    await plain(sites.fetch)(`${from}/start`, own);
    await basicScheme()(sites.fetch)(`${from}/start`);
    const [ownFirst, schemeFirst] = authorizations(sites.at(from)).filter((_, at) => from !== to || at % 2 === 0);
    const [ownLast, schemeLast] = authorizations(sites.at(to)).filter((_, at) => from !== to || at % 2 === 1);
    expect([ownFirst, schemeFirst]).toEqual(["abc", BASIC]);
    return { own: ownLast, scheme: schemeLast };
  };
  const nothing = { own: undefined, scheme: undefined };

  httpx.spec("redir-order", "the flow runs for each hop at the origin of the call, not once around all", async () => {
    const sites = await openSites("http://a.test", "http://b.test");
    sites.chain("http://a.test/1", "http://a.test/2", "http://b.test/3");
    const asked: string[] = [];
    const scheme = defineScheme({
      name: "noting",
      *authFlow(request) {
        asked.push(request.url);
        yield request;
      },
    });
    await scheme(sites.fetch)("http://a.test/1");
    expect(asked).toEqual(["http://a.test/1", "http://a.test/2"]);
  });

  httpx.spec("redir-off-by-default", "redirects are followed, as by fetch, unless the caller says manual", async () => {
    const sites = await openSites("http://a.test");
    sites.chain("http://a.test/start", "http://a.test/end");
    const authFetch = basicScheme()(sites.fetch);
    expect((await authFetch("http://a.test/start")).status).toBe(200);
    const manual = await authFetch("http://a.test/start", { redirect: "manual" });
    expect([manual.status, manual.headers.get("location")]).toEqual([302, "http://a.test/end"]);
  });

  httpx.spec("redir-same-origin-header", "the caller's Authorization is kept at the same origin", async () => {
    expect(await arrivals("https://a.test", "https://a.test")).toEqual({ own: "abc", scheme: BASIC });
  });

  httpx.spec("redir-cross-origin-header", "the caller's Authorization is dropped at another host", async () => {
    expect(await arrivals("https://a.test", "https://b.test")).toEqual(nothing);
  });

  httpx.spec("redir-cross-origin-http-to-https", "and at another host over https", async () => {
    expect(await arrivals("http://a.test", "https://b.test")).toEqual(nothing);
  });

  httpx.spec("redir-cross-origin-auth", "and so are a scheme's credentials", async () => {
    expect(await arrivals("https://a.test", "https://b.test")).toEqual(nothing);
  });

  httpx.spec(
    "redir-https-upgrade",
    "another scheme is another origin: nothing is kept from port 80 to 443",
    async () => {
      expect(await arrivals("http://a.test", "https://a.test")).toEqual(nothing);
    },
  );

  httpx.spec("redir-https-upgrade-www", "nothing is kept from http to https at www", async () => {
    expect(await arrivals("http://a.test", "https://www.a.test")).toEqual(nothing);
  });

  httpx.spec("redir-https-upgrade-ports", "nothing is kept from http to https between other ports", async () => {
    expect(await arrivals("http://a.test:9999", "https://a.test:1337")).toEqual(nothing);
  });

  httpx.spec("redir-downgrade", "nothing is kept from https to http", async () => {
    expect(await arrivals("https://a.test", "http://a.test")).toEqual(nothing);
  });

  httpx.spec("redir-port-change", "nothing is kept at another port", async () => {
    expect(await arrivals("https://a.test", "https://a.test:8443")).toEqual(nothing);
  });

  httpx.spec("redir-subdomain", "nothing is kept at a subdomain", async () => {
    expect(await arrivals("https://a.test", "https://s.a.test")).toEqual(nothing);
  });

  httpx.spec("redir-default-port-same", "letter case and the default port make no other origin", async () => {
    const sites = await openSites("https://a.test");
    sites.at("https://a.test").redirect("/start", "HTTPS://A.TEST:443/end");
    await basicScheme()(sites.fetch)("https://a.test/start");
    expect(authorizations(sites.at("https://a.test"))).toEqual([BASIC, BASIC]);
  });

  httpx.spec("redir-and-back", "nothing is restored on the way back", async () => {
    const sites = await openSites("http://a.test", "http://b.test");
    sites.chain("http://a.test/start", "http://b.test/via", "http://a.test/end");
    await basicScheme()(sites.fetch)("http://a.test/start");
    expect(authorizations(sites.at("http://a.test"))).toEqual([BASIC, undefined]);
  });

  httpx.spec("redir-userinfo-location", "user and password of a Location never become Authorization", async () => {
    const sites = await openSites("http://a.test", "http://b.test");
    sites.at("http://a.test").redirect("/start", "http://u2:p2@b.test/end");
    await basicScheme()(sites.fetch)("http://a.test/start");
    expect(authorizations(sites.at("http://b.test"))).toEqual([undefined]);
  });

  httpx.spec("redir-custom-header-leak", "better: X-Api-Key of an auth function stays at home, too", async () => {
    const sites = await openSites("http://a.test", "http://b.test");
    sites.chain("http://a.test/start", "http://b.test/end");
    const callable = defineScheme((request) => {
      request.headers.set("x-api-key", "k");
      return request;
    });
    await callable(sites.fetch)("http://a.test/start");
    expect(sites.at("http://a.test").last.headers["x-api-key"]).toBe("k");
    expect(sites.at("http://b.test").last.headers).not.toHaveProperty("x-api-key");
  });

  httpx.spec("redir-cookie", "a Cookie header follows the rule of Authorization", async () => {
    const sites = await openSites("http://a.test", "http://b.test");
    sites.chain("http://a.test/1", "http://a.test/2", "http://b.test/3", "http://a.test/4");
    await plain(sites.fetch)("http://a.test/1", { headers: { cookie: "a=b" } });
    const cookies = ({ visits }: Site): unknown[] => visits.map(({ headers }) => headers.cookie);
    expect(cookies(sites.at("http://a.test"))).toEqual(["a=b", "a=b", undefined]);
    expect(cookies(sites.at("http://b.test"))).toEqual([undefined]);
  });

  httpx.spec(
    "redir-digest-open-first",
    "better: an open redirect to a guarded page takes 3 requests, and 200",
    async () => {
      const sites = await openSites("http://a.test");
      const site = sites.at("http://a.test");
      sites.chain("http://a.test/open", "http://a.test/guarded");
      const proof = `Proof ${proofFor("pr00f", "n1", "/guarded")}`;
      const challenge = { status: 401, headers: { "www-authenticate": 'Proof nonce="n1"' } };
      site.on("/guarded", ({ headers }) => (headers.authorization === proof ? {} : challenge));
      const response = await proofScheme("pr00f")(sites.fetch)("http://a.test/open");
      expect([response.status, site.visits.length]).toEqual([200, 3]);
      expect(historyOf(response).map((exchange) => exchange.response?.status)).toEqual([302, 401]);
    },
  );

  httpx.spec("redir-body-308", "a body and its length are sent again on 308", async () => {
    const sites = await openSites("http://a.test");
    const site = sites.at("http://a.test").redirect("/start", "/end", 308);
    const body = new TextEncoder().encode("Example request body");
    await headerScheme()(sites.fetch)("http://a.test/start", { method: "POST", body });
    expect([site.last.method, site.last.body, site.last.headers["content-length"]]).toEqual([
      "POST",
      "Example request body",
      "20",
    ]);
  });

  httpx.spec("redir-303-drops-body", "303 makes a GET without body and length", async () => {
    const sites = await openSites("http://a.test");
    const site = sites.at("http://a.test").redirect("/start", "/end", 303);
    await headerScheme()(sites.fetch)("http://a.test/start", { method: "POST", body: "text" });
    expect([site.last.method, site.last.body]).toEqual(["GET", ""]);
    expect(site.last.headers).not.toHaveProperty("content-length");
  });

  httpx.spec("redir-stream-body", "a stream that is gone is a typed error with the 308", async () => {
    const sites = await openSites("http://a.test");
    sites.at("http://a.test").redirect("/start", "/end", 308);
    const init = { method: "POST", body: new Blob(["text"]).stream(), duplex: "half" };
    const error = await failureOf(basicScheme()(sites.fetch)("http://a.test/start", init));
    expect(error).toBeInstanceOf(BodyNotReplayableError);
    expect((error as BodyNotReplayableError).response?.status).toBe(308);
  });

  httpx.complete();
});
