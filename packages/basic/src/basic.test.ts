import { defineScheme, runFlowSync } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { authorizationsOf, challenge } from "./fixtures/messages.ts";
import { basic } from "./index.ts";

/** RFC 7617 §2's own example. */
const ALADDIN = { username: "Aladdin", password: "open sesame" };
const CREDENTIALS = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
const REALM = 'Basic realm="WallyWorld"';

describe("the flow of basic", () => {
  it("sends the credentials with the first request (§2.2: without receipt of another challenge)", async () => {
    const welcome = new Response("welcome");
    const { requests, response } = await walk(basic(ALADDIN), new Request("https://example.com/"), welcome);
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
    expect(response).toBe(welcome);
  });

  it.each([
    ["401 that asks for Basic", challenge(REALM)],
    ["401 that asks for nothing", new Response(null, { status: 401 })],
    ["403", new Response(null, { status: 403, headers: { "www-authenticate": REALM } })],
    ["407", new Response(null, { status: 407, headers: { "proxy-authenticate": REALM } })],
  ])("gives a %s back after one request", async (_, answer) => {
    const { requests, response } = await walk(basic(ALADDIN), new Request("https://example.com/"), answer);
    expect(requests).toHaveLength(1);
    expect(response).toBe(answer);
    expect(response.bodyUsed).toBe(false);
  });

  it("replaces an Authorization that the request carries", async () => {
    const headers = { authorization: "Bearer of the SDK", "x-trace": "1" };
    const request = new Request("https://example.com/", { headers });
    const { requests } = await walk(basic(ALADDIN), request, new Response());
    expect(Object.fromEntries(requests[0].headers)).toEqual({ authorization: CREDENTIALS, "x-trace": "1" });
    expect(request.headers.get("authorization")).toBe("Bearer of the SDK");
  });

  it("runs over a transport that blocks", () => {
    const response = runFlowSync(
      basic(ALADDIN),
      new Request("https://example.com/"),
      ({ headers }) => new Response(null, { headers: { "x-got": headers.get("authorization") ?? "nothing" } }),
    );
    expect(response.headers.get("x-got")).toBe(CREDENTIALS);
  });

  it("can be a part of another flow", async () => {
    const inner = basic(ALADDIN);
    const outer = defineScheme({
      name: "outer",
      *authFlow(request, context) {
        yield* inner.authFlow(request, context);
      },
    });
    const { requests } = await walk(outer, new Request("https://example.com/"), new Response());
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
  });
});

describe("a fetch that basic wraps", () => {
  it("sends the credentials after a redirect within the origin, and none elsewhere", async () => {
    const fetch = scriptedFetch([
      { expect: { authorization: CREDENTIALS }, reply: { status: 302, headers: { location: "/next" } } },
      {
        expect: { authorization: CREDENTIALS },
        reply: { status: 302, headers: { location: "https://elsewhere.test/" } },
      },
      { expect: { url: "https://elsewhere.test/", authorization: null }, reply: challenge(REALM) },
    ]);
    expect((await basic(ALADDIN)(fetch)("https://example.com/")).status).toBe(401);
    fetch.done();
  });

  it("sends none outside of its `origins`, and answers nothing there", async () => {
    const fetch = scriptedFetch([
      { expect: { origin: "https://example.com", authorization: null }, reply: challenge(REALM) },
      { expect: { origin: "https://api.example.com", authorization: CREDENTIALS }, reply: {} },
    ]);
    const authFetch = basic({ ...ALADDIN, origins: ["https://api.example.com"] })(fetch);
    await authFetch("https://example.com/");
    await authFetch("https://api.example.com/");
    fetch.done();
  });

  it("leaves an Authorization alone that a scheme further outside has set", async () => {
    const token = defineScheme(function token(request) {
      request.headers.set("authorization", "Token 123");
      return request;
    });
    const fetch = scriptedFetch([{ expect: { authorization: "Token 123" }, reply: challenge(REALM) }]);
    await token(basic(ALADDIN)(fetch))("https://example.com/");
    fetch.done();
  });

  it("sends the body once, so nothing of a stream is kept", async () => {
    expect(basic(ALADDIN).sendsOnce).toBe(true);
    const fetch = scriptedFetch([{ expect: { body: "a stream" }, reply: challenge(REALM) }]);
    // With a limit of 0 bytes, a runner that records would have nothing left for a second send.
    const authFetch = basic(ALADDIN)(fetch, { replayLimit: 0 });
    const body = new Blob(["a stream"]).stream();
    await authFetch("https://example.com/", { method: "POST", body, duplex: "half" } as RequestInit);
    fetch.done();
  });
});
