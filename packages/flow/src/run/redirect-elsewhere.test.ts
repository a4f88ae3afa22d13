import { describe, expect, it } from "vitest";
import { failureOf } from "../fixtures/failure.ts";
import { headerScheme, SECRETS, secretBytes } from "../fixtures/schemes.ts";
import { openSite } from "../fixtures/site.ts";
import { scripted } from "../fixtures/scripted.ts";
import { defineScheme, historyOf } from "../index.ts";

/** Sends a call for /start to a server of another region, with a key of its own. */
const regional = defineScheme({
  name: "regional",
  *authFlow(request) {
    const url = new URL(request.url);
    if (url.pathname === "/start") url.hostname = "eu.test";
    const derived = new Request(url, request);
    derived.headers.set("x-key", "k3y");
    yield derived;
  },
});

/** Asks for a status elsewhere first, by a request of its own. */
const asking = (token: string): ReturnType<typeof defineScheme> =>
  defineScheme({
    name: "asking",
    *authFlow(request) {
      const response = yield new Request("https://idp.test/token", { method: "POST", body: "grant" });
      request.headers.set("x-status", `${token} ${response.status}`);
      yield request;
    },
  });

const START = "https://a.test/start";
const OWN = { headers: { authorization: "own", cookie: "sid=own", "proxy-authorization": "own", "x-caller": "1" } };
const moved = (location: string): Response => new Response(null, { status: 307, headers: { location } });
const sent = ({ requests }: { readonly requests: readonly Request[] }): object[] =>
  requests.map(({ url, headers }) => ({ url, ...Object.fromEntries(headers) }));

describe("a flow that itself sends the call's request to another origin (promises 1 and 9)", () => {
  it("takes none of the caller's own credentials there", async () => {
    const next = scripted(new Response());
    await regional(next)(START, OWN);
    expect(sent(next)).toEqual([{ url: "https://eu.test/start", "x-key": "k3y", "x-caller": "1" }]);
  });

  it("nor does a scheme inside act there, nor on a scheme's own request to a third origin", async () => {
    const next = scripted(new Response());
    await regional(headerScheme()(next))(START, OWN);
    expect(sent(next)).toEqual([{ url: "https://eu.test/start", "x-key": "k3y", "x-caller": "1" }]);

    const beside = scripted(new Response(), new Response());
    await asking("saw")(headerScheme()(beside))(START);
    expect(beside.requests.map(({ headers }) => headers.has("x-api-key"))).toEqual([false, true]);
  });

  it("nor does a redirect within that origin, where no flow runs", async () => {
    const next = scripted(moved("/other"), new Response());
    const response = await regional(next)(START, OWN);
    expect(sent(next).at(-1)).toEqual({ url: "https://eu.test/other", "x-caller": "1" });
    expect(response.url).toBe("https://eu.test/other");
  });

  it("nor does a redirect to a third", async () => {
    const next = scripted(moved("https://b.test/"), new Response());
    await regional(next)(START, OWN);
    expect(sent(next).at(-1)).toEqual({ url: "https://b.test/", "x-caller": "1" });
  });

  it("and nothing is sent home by a redirect from there, of the caller's or of a scheme's", async () => {
    const next = scripted(moved("https://a.test/chosen"), new Response());
    await regional(next)(START, OWN);
    expect(sent(next).at(-1)).toEqual({ url: "https://a.test/chosen", "x-caller": "1" });
  });
});

describe("what is no hop of the call", () => {
  it("no redirect of a scheme's own request is followed: its flow sees the 3xx", async () => {
    const next = scripted(moved("https://evil.test/"), new Response());
    const response = await asking("saw")(next)(START);
    expect(sent(next).map((request) => ({ ...request }))).toMatchObject([
      { url: "https://idp.test/token" },
      { url: START, "x-status": "saw 307" },
    ]);
    expect(historyOf(response)).toEqual([]);
    expect(next.requests[0]?.redirect).toBe("manual");
  });

  it("a redirect Response that a flow makes itself is given to the caller as it is", async () => {
    const making = defineScheme({
      name: "making",
      *authFlow(request) {
        yield request;
        return moved("https://b.test/");
      },
    });
    const next = scripted(new Response());
    const response = await making(next)(START);
    expect([response.status, response.headers.get("location"), next.requests.length]).toEqual([
      307,
      "https://b.test/",
      1,
    ]);
  });

  it("a flow that answers a 401 at a hop starts from the caller's headers at the next one", async () => {
    const adding = defineScheme({
      name: "adding",
      *authFlow(request) {
        request.headers.append("x-count", "1");
        const response = yield request;
        if (response.status !== 401) return;
        request.headers.append("x-count", "2");
        yield request;
      },
    });
    const next = scripted(new Response(null, { status: 401 }), moved("/next"), new Response());
    await adding(next)(START);
    expect(next.requests.map(({ headers }) => headers.get("x-count"))).toEqual(["1", "1, 2", "1"]);
  });

  it("a redirect is not followed after the call failed", async () => {
    const failing = defineScheme({
      name: "failing",
      *authFlow(request) {
        yield request;
        throw new RangeError("no");
      },
    });
    const next = scripted(moved("/next"), new Response());
    expect(await failureOf(failing(next)(START))).toBeInstanceOf(RangeError);
    expect(next.requests).toHaveLength(1);
  });
});

describe("names of one machine are origins of their own (Fetch, same origin; RFC 6454 section 4)", () => {
  it.each([
    ["127.0.0.1", "localhost"],
    ["localhost", "127.0.0.1"],
  ])("%s and %s, at the very same server", async (from, to) => {
    const site = await openSite();
    site.redirect("/start", `http://${to}:${site.port}/end`);
    const response = await headerScheme()(fetch)(`http://${from}:${site.port}/start`, OWN);
    expect(response.url).toBe(`http://${to}:${site.port}/end`);
    const [first, second] = site.visits;
    expect([first?.headers["x-api-key"], first?.headers.authorization]).toEqual([SECRETS.header, "own"]);
    expect(second?.headers.host).toBe(`${to}:${site.port}`);
    expect(secretBytes(second?.wire ?? "", [SECRETS.header, "own"])).toBe(0);
  });
});
