import { createAuthFetch } from "@authflow/core";
import { defineScheme, runFlowSync } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { authorizationsOf, challenge, refusal } from "./fixtures/messages.ts";
import { bearer } from "./index.ts";

/** RFC 6750 §2.1's own example. */
const TOKEN = "mF_9.B5f-4.1JqM";
const CREDENTIALS = `Bearer ${TOKEN}`;
const request = (init?: RequestInit): Request => new Request("https://server.example.com/resource", init);

describe("bearer with a token", () => {
  it("sends it in the Authorization field (RFC 6750 §2.1), with the first request", async () => {
    const welcome = new Response("welcome");
    const { requests, response } = await walk(bearer(TOKEN), request(), welcome);
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
    expect(response).toBe(welcome);
  });

  it.each([
    ["401 that refuses the token", refusal()],
    ["401 that asks for one", challenge('Bearer realm="example"')],
    ["401 that asks for nothing", new Response(null, { status: 401 })],
    ["403", new Response(null, { status: 403, headers: { "www-authenticate": 'Bearer error="insufficient_scope"' } })],
    ["407", new Response(null, { status: 407, headers: { "proxy-authenticate": "Bearer" } })],
  ])("gives a %s back after one request: there is no other token to send", async (_, answer) => {
    const { requests, response } = await walk(bearer(TOKEN), request(), answer);
    expect(requests).toHaveLength(1);
    expect(response).toBe(answer);
    expect(response.bodyUsed).toBe(false);
  });

  it("replaces an Authorization that the request carries, and leaves the caller's Request as it is", async () => {
    const own = request({ headers: { authorization: "Bearer of-the-sdk", "x-trace": "1" } });
    const { requests } = await walk(bearer(TOKEN), own, new Response());
    expect(Object.fromEntries(requests[0].headers)).toEqual({ authorization: CREDENTIALS, "x-trace": "1" });
    expect(own.headers.get("authorization")).toBe("Bearer of-the-sdk");
  });

  it("runs over a transport that blocks", () => {
    const response = runFlowSync(
      bearer(TOKEN),
      request(),
      ({ headers }) => new Response(null, { headers: { "x-got": headers.get("authorization") ?? "nothing" } }),
    );
    expect(response.headers.get("x-got")).toBe(CREDENTIALS);
  });

  it("can be a part of another flow", async () => {
    const inner = bearer(TOKEN);
    const outer = defineScheme({
      name: "outer",
      *authFlow(own, context) {
        yield* inner.authFlow(own, context);
      },
    });
    const { requests } = await walk(outer, request(), new Response());
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
  });

  it("sends the body once, so nothing of a stream is kept", async () => {
    expect(bearer(TOKEN).sendsOnce).toBe(true);
    const fetch = scriptedFetch([{ expect: { body: "a stream" }, reply: refusal() }]);
    // With a limit of 0 bytes, a runner that records would have nothing left for a second send.
    const authFetch = bearer(TOKEN)(fetch, { replayLimit: 0 });
    const body = new Blob(["a stream"]).stream();
    await authFetch("https://example.com/", { method: "POST", body, duplex: "half" } as RequestInit);
    fetch.done();
  });
});

describe.each([
  ["a token", () => bearer(TOKEN)],
  ["a function", () => bearer(() => TOKEN)],
])("a fetch that bearer wraps, with %s", (_, make) => {
  it("sends the token after a redirect within the origin, and none elsewhere, nor on the way back", async () => {
    const moved = (location: string): { status: number; headers: Record<string, string> } => ({
      status: 302,
      headers: { location },
    });
    const fetch = scriptedFetch([
      { expect: { authorization: CREDENTIALS }, reply: moved("/next") },
      { expect: { path: "/next", authorization: CREDENTIALS }, reply: moved("https://elsewhere.test/") },
      { expect: { origin: "https://elsewhere.test", authorization: null }, reply: moved("https://example.com/back") },
      { expect: { path: "/back", authorization: null }, reply: refusal() },
    ]);
    expect((await make()(fetch)("https://example.com/")).status).toBe(401);
    fetch.done();
  });

  it("is the `auth` of a client, too", async () => {
    const fetch = scriptedFetch([{ expect: { authorization: CREDENTIALS }, reply: {} }]);
    await createAuthFetch({ auth: make(), fetch })("https://example.com/");
    fetch.done();
  });

  it("answers no challenge of another origin", async () => {
    const fetch = scriptedFetch([
      { reply: { status: 307, headers: { location: "https://elsewhere.test/" } } },
      { expect: { origin: "https://elsewhere.test", authorization: null }, reply: refusal() },
    ]);
    expect((await make()(fetch)("https://example.com/")).status).toBe(401);
    fetch.done();
  });

  it("leaves an Authorization alone that a scheme further outside has set, and doesn't take its refusal for one of the token", async () => {
    const token = defineScheme(function token(own) {
      own.headers.set("authorization", "Token 123");
      return own;
    });
    const fetch = scriptedFetch([{ expect: { authorization: "Token 123" }, reply: refusal() }]);
    expect((await token(make()(fetch))("https://example.com/")).status).toBe(401);
    fetch.done();
  });

  it("does so within a scheme that looks at its request again", async () => {
    const twice = defineScheme({
      name: "twice",
      *authFlow(own) {
        own.headers.set("authorization", "Token 1");
        yield own;
        expect(own.headers.get("authorization")).toBe("Token 1");
        own.headers.set("authorization", "Token 2");
        yield own;
      },
    });
    const fetch = scriptedFetch([
      { expect: { authorization: "Token 1" }, reply: refusal() },
      { expect: { authorization: "Token 2" }, reply: refusal() },
    ]);
    await twice(make()(fetch))("https://example.com/");
    fetch.done();
  });
});
