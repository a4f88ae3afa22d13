import { runFlowSync } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { authorizationsOf, challenge } from "./fixtures/messages.ts";
import { basic } from "./index.ts";

const ALADDIN = { username: "Aladdin", password: "open sesame", preemptive: false };
const CREDENTIALS = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
const REALM = 'Basic realm="WallyWorld"';
const request = (init?: RequestInit): Request => new Request("https://example.com/", init);

describe("basic with preemptive: false", () => {
  it("waits for the challenge and answers it once", async () => {
    const welcome = new Response("welcome");
    const { requests, response } = await walk(basic(ALADDIN), request(), challenge(REALM), welcome);
    expect(authorizationsOf(requests)).toEqual([null, CREDENTIALS]);
    expect(response).toBe(welcome);
  });

  it.each([
    ["a scheme in any letter case (§2: the scheme name is case-insensitive)", [`bAsIc realm="x"`]],
    ["a challenge without a realm, as some servers send it", ["Basic"]],
    ["one of several challenges in a field", [`Negotiate, Digest realm="x, Basic", nonce="y", ${REALM}`]],
    ["one of several fields", ["Negotiate", REALM]],
    ["one beside a malformed one", [`Digest realm="x, nonce, ${REALM}`, REALM]],
  ])("answers %s", async (_, challenges) => {
    const { requests } = await walk(basic(ALADDIN), request(), challenge(...challenges), new Response());
    expect(authorizationsOf(requests)).toEqual([null, CREDENTIALS]);
  });

  it.each([
    ["a 401 without a challenge", new Response(null, { status: 401 })],
    ["a 401 that asks for other schemes", challenge(`Digest realm="Basic", nonce="Basic realm"`, "Bearer")],
    ["a 403", new Response(null, { status: 403, headers: { "www-authenticate": REALM } })],
    ["a 407", new Response(null, { status: 407, headers: { "proxy-authenticate": REALM } })],
    ["a 200 with a challenge", new Response(null, { headers: { "www-authenticate": REALM } })],
  ])("gives %s back", async (_, answer) => {
    const { requests, response } = await walk(basic(ALADDIN), request(), answer);
    expect(authorizationsOf(requests)).toEqual([null]);
    expect(response).toBe(answer);
  });

  it.each([
    ['Basic realm="x", charset="UTF-8"'],
    ['Basic realm="x", charset="utf-8"'],
    ['Basic realm="x", charset=ISO-8859-1'],
  ])(
    "sends the octets that `encoding` says, whatever the server asks for: %s (§2.1: purely advisory)",
    async (asked) => {
      const test = { username: "test", password: "123£", preemptive: false };
      const utf8 = await walk(basic(test), request(), challenge(asked), new Response());
      const latin1 = await walk(basic({ ...test, encoding: "latin1" }), request(), challenge(asked), new Response());
      expect(authorizationsOf(utf8.requests)).toEqual([null, "Basic dGVzdDoxMjPCow=="]);
      expect(authorizationsOf(latin1.requests)).toEqual([null, "Basic dGVzdDoxMjOj"]);
    },
  );

  it("gives the second 401 back: the same credentials never go to the same challenge twice", async () => {
    const refusal = challenge(REALM);
    const { requests, response } = await walk(basic(ALADDIN), request(), challenge(REALM), refusal);
    expect(requests).toHaveLength(2);
    expect(response).toBe(refusal);
  });

  it("doesn't send them again where the caller's own header was just that", async () => {
    const own = request({ headers: { authorization: CREDENTIALS } });
    const { requests, finished } = await walk(basic(ALADDIN), own, challenge(REALM));
    expect([authorizationsOf(requests), finished]).toEqual([[CREDENTIALS], true]);
  });

  it("replaces another Authorization of the caller's once it is asked", async () => {
    const own = request({ headers: { authorization: "Bearer x" } });
    const { requests } = await walk(basic(ALADDIN), own, challenge(REALM), new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer x", CREDENTIALS]);
  });

  it("passes an error of the transport on, at either request", async () => {
    const broken = new TypeError("fetch failed");
    await expect(walk(basic(ALADDIN), request(), broken)).rejects.toBe(broken);
    await expect(walk(basic(ALADDIN), request(), challenge(REALM), broken)).rejects.toBe(broken);
  });

  it("sends the body with both requests", async () => {
    expect(basic(ALADDIN).sendsOnce).toBe(false);
    const fetch = scriptedFetch([
      { expect: { authorization: null, body: "a stream" }, reply: challenge(REALM) },
      { expect: { authorization: CREDENTIALS, body: "a stream" }, reply: {} },
    ]);
    const body = new Blob(["a stream"]).stream();
    await basic(ALADDIN)(fetch)("https://example.com/", { method: "POST", body, duplex: "half" } as RequestInit);
    fetch.done();
  });

  it("answers over a transport that blocks, too", () => {
    const sent: (string | null)[] = [];
    const response = runFlowSync(basic(ALADDIN), request(), ({ headers }) => {
      sent.push(headers.get("authorization"));
      return sent.length === 1 ? challenge(REALM) : new Response("welcome");
    });
    expect(response.status).toBe(200);
    expect(sent).toEqual([null, CREDENTIALS]);
  });
});

describe("the protection space that it remembers (§2.2)", () => {
  /** Logs in at a URL, then calls the others; tells which of those went out with the credentials at once. */
  async function unasked(first: string, ...others: readonly string[]): Promise<readonly boolean[]> {
    const fetch = scriptedFetch([
      { expect: { authorization: null }, reply: challenge(REALM) },
      { expect: { authorization: CREDENTIALS }, reply: {} },
      { reply: {}, times: Infinity },
    ]);
    const authFetch = basic(ALADDIN)(fetch);
    for (const url of [first, ...others]) await authFetch(url);
    fetch.done();
    return authorizationsOf(fetch.calls.slice(2)).map((authorization) => authorization === CREDENTIALS);
  }

  it("holds the paths at or below the last slash of an authenticated request: the RFC's own example", async () => {
    expect(
      await unasked(
        "http://example.com/docs/index.html",
        "http://example.com/docs/",
        "http://example.com/docs/test.doc",
        "http://example.com/docs/?page=1",
        "http://example.com/other/",
        "https://example.com/docs/",
      ),
    ).toEqual([true, true, true, false, false]);
  });

  it("ends at the origin: another host, port or scheme gets nothing unasked", async () => {
    expect(
      await unasked(
        "https://example.com/",
        "https://example.com/deep/er",
        "https://example.com:8443/",
        "https://www.example.com/",
        "https://example.com.evil.example/",
        "http://example.com/",
      ),
    ).toEqual([true, false, false, false, false]);
  });

  it("doesn't take a slash of the query for one of the path", async () => {
    expect(
      await unasked("https://example.com/a/b?next=/a/b/c/", "https://example.com/a/x", "https://example.com/a"),
    ).toEqual([true, false]);
  });

  it("doesn't hold a path where the credentials were refused", async () => {
    const scheme = basic(ALADDIN);
    for (let call = 0; call < 2; call++) {
      const { requests } = await walk(scheme, request(), challenge(REALM), challenge(REALM));
      expect(authorizationsOf(requests)).toEqual([null, CREDENTIALS]);
    }
  });

  it("holds one where they were accepted and the answer is an error of another kind", async () => {
    const scheme = basic(ALADDIN);
    await walk(scheme, request(), challenge(REALM), new Response(null, { status: 404 }));
    const { requests } = await walk(scheme, request(), new Response());
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
  });

  it("gives a 401 from within back after one request", async () => {
    const scheme = basic(ALADDIN);
    await walk(scheme, request(), challenge(REALM), new Response());
    const refusal = challenge('Basic realm="another"');
    const { requests, response } = await walk(scheme, new Request("https://example.com/private/"), refusal);
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
    expect(response).toBe(refusal);
  });

  it("belongs to the scheme: each fetch that it wraps shares it, and another scheme knows nothing of it", async () => {
    const scheme = basic(ALADDIN);
    const other = basic(ALADDIN);
    const fetch = scriptedFetch([
      { expect: { authorization: null }, reply: challenge(REALM) },
      { expect: { authorization: CREDENTIALS }, reply: {} },
      { expect: { authorization: CREDENTIALS }, reply: {} },
      { expect: { authorization: null }, reply: {} },
    ]);
    await scheme(fetch)("https://example.com/");
    await scheme(fetch)("https://example.com/");
    await other(fetch)("https://example.com/");
    fetch.done();
  });
});
