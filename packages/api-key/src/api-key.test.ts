import { defineScheme, runFlowSync } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { apiKey, type ApiKeyOptions } from "./index.ts";

const request = (init?: RequestInit): Request => new Request("https://api.example.com/v1?page=2", init);

/** Where a key goes, and how to find it in a request. */
const places: readonly (readonly [
  string,
  ApiKeyOptions,
  (sent: { url: string; headers: Headers }) => string | null,
])[] = [
  ["a header", { header: "x-api-key", value: "k1" }, ({ headers }) => headers.get("x-api-key")],
  ["the query", { query: "api_key", value: "k1" }, ({ url }) => new URL(url).searchParams.get("api_key")],
  ["a cookie", { cookie: "key", value: "k1" }, ({ headers }) => headers.get("cookie")?.replace("key=", "") ?? null],
];

describe.each(places)("a key in %s", (_, options, keyIn) => {
  it("goes with the first request, and the rest of it stays as it is", async () => {
    const welcome = new Response("welcome");
    const own = request({ method: "PATCH", headers: { "x-trace": "1", authorization: "Bearer t1" } });
    const { requests, response } = await walk(apiKey(options), own, welcome);
    expect(requests).toHaveLength(1);
    const [sent] = requests;
    expect(keyIn(sent)).toBe("k1");
    expect([sent.method, sent.headers.get("x-trace"), sent.headers.get("authorization")]).toEqual([
      "PATCH",
      "1",
      "Bearer t1",
    ]);
    expect(new URL(sent.url).searchParams.get("page")).toBe("2");
    expect(response).toBe(welcome);
    expect(keyIn(own)).toBeNull();
  });

  it.each([401, 403, 407])("gives a %d back after one request: there is no other key to send", async (status) => {
    const answer = new Response("no", { status, headers: { "www-authenticate": 'ApiKey realm="x", Basic realm="y"' } });
    const { requests, response } = await walk(apiKey(options), request(), answer);
    expect(requests).toHaveLength(1);
    expect(response).toBe(answer);
    expect(response.bodyUsed).toBe(false);
  });

  it("passes an error of the transport on", async () => {
    const broken = new TypeError("fetch failed");
    await expect(walk(apiKey(options), request(), broken)).rejects.toBe(broken);
  });

  it("runs over a transport that blocks", () => {
    const seen: (string | null)[] = [];
    runFlowSync(apiKey(options), request(), (sent) => {
      seen.push(keyIn(sent));
      return new Response();
    });
    expect(seen).toEqual(["k1"]);
  });

  it("can be a part of another flow", async () => {
    const inner = apiKey(options);
    const outer = defineScheme({
      name: "outer",
      *authFlow(own, context) {
        yield* inner.authFlow(own, context);
      },
    });
    const { requests } = await walk(outer, request(), new Response());
    expect(keyIn(requests[0])).toBe("k1");
  });

  it("sends the body once, so nothing of a stream is kept", async () => {
    expect(apiKey(options).sendsOnce).toBe(true);
    const fetch = scriptedFetch([{ expect: { method: "POST", body: "a stream" }, reply: { status: 401 } }]);
    // With a limit of 0 bytes, a runner that records would have nothing left for a second send.
    const authFetch = apiKey(options)(fetch, { replayLimit: 0 });
    const body = new Blob(["a stream"]).stream();
    await authFetch("https://api.example.com/", { method: "POST", body, duplex: "half" } as RequestInit);
    fetch.done();
    expect(keyIn(fetch.calls[0] ?? request())).toBe("k1");
  });

  it("keeps the caller's shape, a Request too, and its method as it was written", async () => {
    const inputs: unknown[] = [];
    const next = async (input: string | Request, init?: RequestInit): Promise<Response> => {
      const { url, headers } = typeof input === "string" ? { url: input, headers: new Headers(init?.headers) } : input;
      inputs.push([typeof input, init?.method, keyIn({ url, headers })]);
      return new Response();
    };
    await apiKey(options)(next)("https://api.example.com/", { method: "pATCH" });
    await apiKey(options)(next)(request());
    expect(inputs).toEqual([
      ["string", "pATCH", "k1"],
      ["object", undefined, "k1"],
    ]);
  });

  it("goes with each redirect within the origin, and not elsewhere, nor on the way back", async () => {
    const moved = (location: string): { reply: object } => ({ reply: { status: 307, headers: { location } } });
    const fetch = scriptedFetch([
      moved("/next"),
      moved("https://elsewhere.test/"),
      moved("https://api.example.com/back"),
      { reply: { status: 401 } },
    ]);
    const response = await apiKey(options)(fetch)("https://api.example.com/");
    fetch.done();
    expect(response.status).toBe(401);
    expect(fetch.calls.map((sent) => [new URL(sent.url).pathname, keyIn(sent)])).toEqual([
      ["/", "k1"],
      ["/next", "k1"],
      ["/", null],
      ["/back", null],
    ]);
  });

  it("goes to its `origins` only", async () => {
    const fetch = scriptedFetch([{ reply: {}, times: 2 }]);
    const authFetch = apiKey({ ...options, origins: ["https://api.example.com"] })(fetch);
    await authFetch("https://example.com/");
    await authFetch("https://api.example.com/");
    expect(fetch.calls.map(keyIn)).toEqual([null, "k1"]);
  });
});
