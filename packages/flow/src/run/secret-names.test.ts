// Promise 9: "a query pair that is a credential of the call is taken out of a foreign Location", also where the caller's
// own URL held the very pair that the scheme sets; and so for a header.
import { describe, expect, it } from "vitest";
import { answers } from "../fixtures/answers.ts";
import { scripted } from "../fixtures/scripted.ts";
import { type AuthScheme, type Exchange, exchangesOf, runFlow, runFlowSync, type SyncFlow } from "../index.ts";

const KEY = "pl4ntedKey";
const HERE = "https://a.test/x";
const moved = (location: string): Response => new Response(null, { status: 307, headers: { location } });

/** A key in a query, as with a link of an API that has the key in it already. */
const queryKey: AuthScheme = {
  name: "query key",
  secretNames: ["k"],
  *authFlow(request): SyncFlow {
    const url = new URL(request.url);
    url.searchParams.set("k", KEY);
    yield new Request(url, request);
  },
};

/** A key in a header that some caller sets by itself as well. */
const headerKey: AuthScheme = {
  name: "header key",
  sendsOnce: true,
  secretNames: ["X-Own"],
  *authFlow(request): SyncFlow {
    request.headers.set("x-own", KEY);
    yield request;
  },
};

/** What hands everything on, in an init of its own. */
const layer =
  (next: typeof fetch): typeof fetch =>
  (input, init) =>
    next(input, { ...init });

const shown = (exchanges: readonly Exchange[]): string => JSON.stringify(exchanges);

describe("a query pair of the caller's that is the very one which a scheme sets", () => {
  it.each([
    { around: "alone", wrap: (next: typeof fetch) => runFlow(queryKey, next) },
    { around: "inside another", wrap: (next: typeof fetch) => runFlow(answers, runFlow(queryKey, next)) },
    { around: "behind a layer", wrap: (next: typeof fetch) => runFlow(answers, layer(runFlow(queryKey, next))) },
    { around: "around a layer", wrap: (next: typeof fetch) => runFlow(queryKey, layer(runFlow(answers, next))) },
  ])("is taken out of a Location elsewhere, and shown by no history: the scheme $around", async ({ wrap }) => {
    const next = scripted(moved(`https://b.test/?k=${KEY}&page=2&to=${KEY}`), new Response());
    const response = await wrap(next)(`${HERE}?k=${KEY}&page=1`);

    expect(next.requests.map(({ url }) => url)).toEqual([`${HERE}?k=${KEY}&page=1`, "https://b.test/?page=2"]);
    expect(shown(exchangesOf(response))).not.toContain(KEY);
    expect(exchangesOf(response)[0]?.request.url).toMatch(/\?(.*&)?k=\[redacted\](&|$)/);
  });

  it.each(["%6B", "k"])("is known in whatever spelling the flow leaves there: %s", async (spelled) => {
    const leaving: AuthScheme = Object.assign({}, answers, { secretNames: ["k"] });
    const next = scripted(moved(`https://b.test/?k=${KEY}`), new Response());
    const response = await runFlow(leaving, next)(`${HERE}?${spelled}=${KEY}`);
    expect(next.requests[1]?.url).toBe("https://b.test/");
    expect(shown(exchangesOf(response))).not.toContain(KEY);
  });

  it("is the server's own with another value, and stays", async () => {
    const next = scripted(moved("https://b.test/?k=other"), new Response());
    await runFlow(queryKey, next)(HERE);
    expect(next.requests[1]?.url).toBe("https://b.test/?k=other");
  });

  it("is shown by no history of runFlowSync", () => {
    const response = runFlowSync(queryKey, new Request(`${HERE}?k=${KEY}`), () => new Response());
    expect(exchangesOf(response)[0]?.request.url).toBe(`${HERE}?k=[redacted]`);
  });
});

describe("a header of the caller's that is the very one which a scheme sets", () => {
  it("stays behind at another origin, and is shown by no history", async () => {
    const next = scripted(moved("https://b.test/"), new Response());
    const response = await runFlow(headerKey, next)(HERE, { headers: { "x-own": KEY, "x-other": "1" } });

    const sent = next.requests.map(({ headers }) => [headers.get("x-own"), headers.get("x-other")]);
    expect(sent).toEqual([
      [KEY, "1"],
      [null, "1"],
    ]);
    expect(shown(exchangesOf(response))).not.toContain(KEY);
  });

  it("goes along with a redirect to its own origin", async () => {
    const next = scripted(moved("/y"), new Response());
    await runFlow(headerKey, next)(HERE, { headers: { "x-own": KEY } });
    expect(next.requests.map(({ headers }) => headers.get("x-own"))).toEqual([KEY, KEY]);
  });
});
