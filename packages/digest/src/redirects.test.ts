import { digestServer, startServer } from "@authflow/testing/server";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { answerIn, asks, authorizationsOf, paramsIn } from "./fixtures/messages.ts";
import { digest } from "./index.ts";

const USER = { username: "finley", password: "secret" };
const to = (location: string, status = 302) => ({ status, headers: { location } });

describe("redirects", () => {
  it("within a digest space are answered anew, for the URI of each (conformance/redirects.json: same-origin)", async () => {
    const fetch = scriptedFetch([
      { expect: { path: "/a" }, reply: asks() },
      { expect: { path: "/a" }, reply: to("/b?c") },
      { expect: { path: "/b?c" }, reply: to("https://a.test/d") },
      { expect: { path: "/d" }, reply: {} },
    ]);
    const response = await digest(USER)(fetch)("https://a.test/a");
    fetch.done();
    expect(response.url).toBe("https://a.test/d");
    expect(paramsIn(fetch.calls, "uri")).toEqual([undefined, "/a", "/b?c", "/d"]);
    expect(paramsIn(fetch.calls, "nc")).toEqual([undefined, "00000001", "00000002", "00000003"]);
  });

  it("within a digest space are answered anew by a server that demands the next nc each time", async () => {
    await using server = await digestServer();
    const url = server.redirect(server.redirect(server.url("/end?a=b"), { status: 307 }), { status: 308 });
    const response = await digest(USER)(fetch)(url, { method: "PUT", body: "hello" });
    expect([response.status, response.url]).toEqual([200, server.url("/end?a=b")]);
    expect(server.verdicts.map(({ reason }) => reason)).toEqual(["no credentials", "accepted", "accepted", "accepted"]);
    expect(server.requests.map(({ text }) => text)).toEqual(["hello", "hello", "hello", "hello"]);
  });

  it("from an open page into a digest space are answered there (redirect-then-401-same-origin)", async () => {
    await using server = await digestServer({ paths: ["/private"] });
    const open = async (url: string, init?: RequestInit): Promise<Response> =>
      new URL(url).pathname === "/open" ? new Response(null, to("/private/a?b=c")) : fetch(url, init);
    const response = await digest(USER)(open)(server.url("/open"));
    expect([response.status, response.url]).toEqual([200, server.url("/private/a?b=c")]);
    expect(server.verdicts.map(({ reason }) => reason)).toEqual(["no credentials", "accepted"]);
  });

  it.each([307, 308])("with a body are followed with it, and the answer is for the new URI (%i)", async (status) => {
    const fetch = scriptedFetch([
      { expect: { method: "PUT", path: "/a", body: "hello" }, reply: asks() },
      { expect: { method: "PUT", path: "/a", body: "hello" }, reply: to("/b", status) },
      {
        expect: {
          method: "PUT",
          path: "/b",
          body: "hello",
          authorization: { scheme: "digest", params: { uri: "/b", nc: "00000002" } },
        },
        reply: {},
      },
    ]);
    const body = new Blob(["hello"]).stream();
    const response = await digest(USER)(fetch)("https://a.test/a", {
      method: "PUT",
      body,
      duplex: "half",
    } as RequestInit);
    fetch.done();
    expect(response.status).toBe(200);
  });

  it("after which a POST is a GET are answered as a GET (303)", async () => {
    await using server = await digestServer();
    const moved = async (url: string, init?: RequestInit): Promise<Response> => {
      const response = await fetch(url, init);
      return response.ok && init?.method === "POST" ? new Response(null, to("/done", 303)) : response;
    };
    const response = await digest(USER)(moved)(server.url("/form"), { method: "POST", body: "a=b" });
    expect(response.status).toBe(200);
    expect(server.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
      "POST /form",
      "POST /form",
      "GET /done",
    ]);
    expect(server.verdicts.map(({ status }) => status)).toEqual([401, 200, 200]);
  });

  it("to another origin carry nothing, and a challenge from there is not answered (redirect-then-401-other-origin)", async () => {
    await using elsewhere = await digestServer({ realm: "elsewhere" });
    await using server = await startServer(({ headers }) =>
      headers.has("authorization")
        ? to(elsewhere.url("/a"))
        : { status: 401, headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n1", qop=auth' } },
    );
    const response = await digest(USER)(fetch)(server.url("/a"));
    expect([response.status, response.url]).toEqual([401, elsewhere.url("/a")]);
    expect(authorizationsOf(elsewhere.requests)).toEqual([null]);
    expect(server.requests).toHaveLength(2);
  });

  it("to another origin and back carry nothing on the way back (away-and-back)", async () => {
    const fetch = scriptedFetch([
      { reply: asks() },
      { reply: to("https://b.test/x") },
      { expect: { url: "https://b.test/x", authorization: null }, reply: to("https://a.test/y") },
      { expect: { url: "https://a.test/y", authorization: null }, reply: asks("n2") },
    ]);
    const response = await digest(USER)(fetch)("https://a.test/a");
    fetch.done();
    expect(response.status).toBe(401);
  });

  it("leave what is known of an origin there (digest-cross-origin-state)", async () => {
    const fetch = scriptedFetch([
      { reply: asks() },
      { reply: {} },
      { expect: { url: "https://b.test/x", authorization: null }, reply: {} },
    ]);
    const authFetch = digest(USER)(fetch);
    await authFetch("https://a.test/x");
    await authFetch("https://b.test/x");
    fetch.done();
  });

  it.each(["manual", "error"] as const)("are the caller's affair with redirect: %s", async (redirect) => {
    const fetch = scriptedFetch([{ reply: asks() }, { reply: to("/b") }]);
    const call = digest(USER)(fetch)("https://a.test/a", { redirect });
    if (redirect === "manual") expect((await call).status).toBe(302);
    else await call.catch(() => undefined);
    expect(answerIn(fetch.calls[1])?.["uri"]).toBe("/a");
  });
});
