import { BodyNotReplayableError, defineScheme, exchangesOf, historyOf } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it, vi } from "vitest";
import { authorizationsOf, challenge, refusal } from "./fixtures/messages.ts";
import { bearer, type TokenSource } from "./index.ts";

const request = (url = "https://example.com/"): Request => new Request(url);

/** A function that gives one token after the other. */
function giving(...tokens: readonly string[]): ReturnType<typeof vi.fn<TokenSource>> {
  const source = vi.fn<TokenSource>();
  for (const token of tokens) source.mockImplementationOnce(async () => token);
  return source.mockImplementation(() => {
    throw new Error("asked too often");
  });
}

describe("the function that gives the token", () => {
  it.each([
    ["at once", (): string => "t1"],
    ["later", async (): Promise<string> => "t1"],
    ["by a thenable", (): PromiseLike<string> => ({ then: (give) => Promise.resolve("t1").then(give) })],
  ])("may answer %s", async (_, source) => {
    const { requests } = await walk(bearer(source), request(), new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer t1"]);
  });

  it("is asked before the first request, and not again as long as its token is accepted", async () => {
    const source = giving("t1");
    const scheme = bearer(source);
    for (const status of [200, 404, 500]) {
      const { requests } = await walk(scheme, request(), new Response(null, { status }));
      expect(authorizationsOf(requests)).toEqual(["Bearer t1"]);
    }
    expect(source).toHaveBeenCalledTimes(1);
  });

  it("is shown the request, without its body, and no challenge", async () => {
    const source = giving("t1");
    const fetch = scriptedFetch([{ expect: { headers: { "x-trace": "1" }, body: "text" }, reply: {} }]);
    const init = { method: "POST", body: "text", headers: { "x-trace": "1" } };
    await bearer(source)(fetch)("https://example.com/a?b=c", init);
    fetch.done();
    const [shown, none] = source.mock.calls[0] ?? [];
    expect([shown?.method, shown?.url, shown?.headers.get("x-trace"), shown?.body]).toEqual([
      "POST",
      "https://example.com/a?b=c",
      "1",
      null,
    ]);
    expect(none).toBeUndefined();
  });

  it("changes nothing of what is sent, whatever it does to the request", async () => {
    const scheme = bearer(({ headers }) => {
      headers.set("x-own", "1");
      return "t1";
    });
    const { requests } = await walk(scheme, request(), new Response());
    expect(Object.fromEntries(requests[0].headers)).toEqual({ authorization: "Bearer t1" });
  });

  it("rejects the call with what it throws, at once or later", async () => {
    const error = new Error("not logged in");
    const throwing: TokenSource = () => {
      throw error;
    };
    for (const source of [throwing, () => Promise.reject(error)]) {
      const fetch = scriptedFetch([]);
      await expect(bearer(source)(fetch)("https://example.com/")).rejects.toBe(error);
      fetch.done();
    }
  });

  it.each([undefined, null, "", "two words", { access_token: "t1" }])(
    "rejects the call if it gives what is no token: %o",
    async (given) => {
      const fetch = scriptedFetch([]);
      const call = bearer(async () => given as string)(fetch)("https://example.com/");
      await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" });
      fetch.done();
    },
  );
});

describe("a refusal (RFC 6750 §3)", () => {
  it.each([
    ["invalid_token (§3.1)", refusal()],
    ["a challenge without an error, though a token was sent", challenge('Bearer realm="example"')],
    ["a challenge without anything", challenge("Bearer")],
    ["one in other letter case", challenge('BEARER ERROR="invalid_token"')],
    ["one among others", challenge('Basic realm="x", Bearer error="invalid_token", Negotiate')],
    ["one in a line of its own", challenge('DPoP algs="ES256"', 'Bearer error="invalid_token"')],
    ["one beside a malformed one", challenge('Digest realm="x', 'Bearer error="invalid_token"')],
    [
      "one of two",
      challenge('Bearer realm="a", error="insufficient_scope"', 'Bearer realm="b", error="invalid_token"'),
    ],
    ["more authentication asked for (RFC 9470 §3)", challenge('Bearer error="insufficient_user_authentication"')],
    ["an error of the server's own", challenge('Bearer error="insufficient_claims", claims="eyJ9"')],
  ])("has the function asked once more, and the request sent again: %s", async (_, answer) => {
    const source = giving("t1", "t2");
    const welcome = new Response("welcome");
    const { requests, response } = await walk(bearer(source), request(), answer, welcome);
    expect(authorizationsOf(requests)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(response).toBe(welcome);
  });

  it.each([
    ["insufficient_scope, with 403 as §3.1 has it", 403, 'Bearer error="insufficient_scope", scope="write"'],
    ["insufficient_scope with 401", 401, 'Bearer error="insufficient_scope"'],
    ["invalid_request, with 400 as §3.1 has it", 400, 'Bearer error="invalid_request"'],
    ["invalid_request with 401", 401, 'Bearer error="invalid_request"'],
    ["invalid_token with another status", 403, 'Bearer error="invalid_token"'],
    ["a 200 with a challenge", 200, 'Bearer error="invalid_token"'],
    ["a 401 for other schemes", 401, 'Basic realm="Bearer", DPoP error="invalid_token"'],
    ["a 401 with a malformed challenge", 401, 'Bearer error="invalid_token'],
  ])("is none, and comes back as it is: %s", async (_, status, field) => {
    const source = giving("t1");
    const answer = new Response("no", { status, headers: { "www-authenticate": field } });
    const { requests, response } = await walk(bearer(source), request(), answer);
    expect(requests).toHaveLength(1);
    expect(response).toBe(answer);
    expect(response.bodyUsed).toBe(false);
  });

  it.each([401, 407])("is none: a %d without a challenge", async (status) => {
    const source = giving("t1");
    const { requests } = await walk(bearer(source), request(), new Response(null, { status }));
    expect(requests).toHaveLength(1);
  });

  it("shows the function the challenge, and which token was refused", async () => {
    const source = giving("t1", "t2");
    await walk(bearer(source), request(), refusal(), new Response());
    const [shown, refused] = source.mock.calls[1] ?? [];
    expect(shown?.headers.get("authorization")).toBe("Bearer t1");
    expect(refused?.scheme).toBe("bearer");
    expect(Object.fromEntries(refused?.params ?? [])).toEqual({
      realm: "example",
      error: "invalid_token",
      error_description: "The access token expired",
    });
  });

  it("comes back if the second token is refused, too: a call asks once", async () => {
    const source = giving("t1", "t2");
    const second = refusal();
    const { requests, response } = await walk(bearer(source), request(), refusal(), second);
    expect(authorizationsOf(requests)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(response).toBe(second);
    expect(response.bodyUsed).toBe(false);
  });

  it("comes back if the function gives the same token again: that never goes to the same challenge twice", async () => {
    const source = giving("t1", "t1");
    const answer = refusal();
    const { requests, response } = await walk(bearer(source), request(), answer);
    expect(requests).toHaveLength(1);
    expect(response).toBe(answer);
    expect(source).toHaveBeenCalledTimes(2);
  });

  it("is remembered: the next request carries the new token, the refused one is never sent again", async () => {
    const scheme = bearer(giving("t1", "t2"));
    await walk(scheme, request(), refusal(), new Response());
    const { requests } = await walk(scheme, request(), new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer t2"]);
  });

  it("makes the function's error that of the call, and the next call asks before it sends anything", async () => {
    const expired = new Error("the session has ended");
    const source = giving("t1").mockImplementationOnce(() => Promise.reject(expired));
    source.mockImplementationOnce(() => "t2");
    const fetch = scriptedFetch([
      { expect: { authorization: "Bearer t1" }, reply: refusal() },
      { expect: { authorization: "Bearer t2" }, reply: {} },
    ]);
    const authFetch = bearer(source, { backOff: 0 })(fetch);
    await expect(authFetch("https://example.com/")).rejects.toBe(expired);
    expect(exchangesOf(expired).map(({ response }) => response?.status)).toEqual([401]);
    await authFetch("https://example.com/");
    fetch.done();
    // What it was refused with still stands.
    expect(source.mock.calls[2]?.[1]?.params.get("error")).toBe("invalid_token");
  });

  it("stands in the history of the response", async () => {
    const fetch = scriptedFetch([{ reply: refusal() }, { reply: {} }]);
    const response = await bearer(giving("t1", "t2"))(fetch)("https://example.com/");
    expect(historyOf(response).map((exchange) => exchange.response?.status)).toEqual([401]);
  });

  it("after a redirect within the origin is answered there", async () => {
    const fetch = scriptedFetch([
      { expect: { authorization: "Bearer t1" }, reply: { status: 307, headers: { location: "/b" } } },
      { expect: { path: "/b", authorization: "Bearer t1" }, reply: refusal() },
      { expect: { path: "/b", authorization: "Bearer t2" }, reply: {} },
    ]);
    expect((await bearer(giving("t1", "t2"))(fetch)("https://example.com/a")).status).toBe(200);
    fetch.done();
  });

  it("is none of the token's where a scheme further outside has set the Authorization", async () => {
    const source = giving("t1");
    const outer = defineScheme(function outer(own) {
      own.headers.set("authorization", "Token 123");
      return own;
    });
    const fetch = scriptedFetch([{ expect: { authorization: "Token 123" }, reply: refusal() }]);
    expect((await outer(bearer(source)(fetch))("https://example.com/")).status).toBe(401);
    fetch.done();
    expect(source).toHaveBeenCalledTimes(1);
  });

  it("passes an error of the transport on, at either request", async () => {
    const broken = new TypeError("fetch failed");
    await expect(walk(bearer(giving("t1")), request(), broken)).rejects.toBe(broken);
    await expect(walk(bearer(giving("t1", "t2")), request(), refusal(), broken)).rejects.toBe(broken);
  });
});

describe("the body", () => {
  const post = (body: ReadableStream): RequestInit => ({ method: "POST", body, duplex: "half" }) as RequestInit;

  it("goes with both requests, a stream too", async () => {
    const fetch = scriptedFetch([
      { expect: { authorization: "Bearer t1", body: "a stream" }, reply: refusal() },
      { expect: { authorization: "Bearer t2", body: "a stream" }, reply: {} },
    ]);
    await bearer(giving("t1", "t2"))(fetch)("https://example.com/", post(new Blob(["a stream"]).stream()));
    fetch.done();
  });

  it("that is gone makes the refusal an error which carries it, and the next call has the new token", async () => {
    const fetch = scriptedFetch([
      { expect: { authorization: "Bearer t1", body: "a stream" }, reply: refusal() },
      { expect: { authorization: "Bearer t2" }, reply: {} },
    ]);
    const authFetch = bearer(giving("t1", "t2"))(fetch, { replayLimit: 0 });
    const call = authFetch("https://example.com/", post(new Blob(["a stream"]).stream()));
    await expect(call).rejects.toBeInstanceOf(BodyNotReplayableError);
    await expect(call).rejects.toMatchObject({ response: { status: 401 } });
    await authFetch("https://example.com/");
    fetch.done();
  });
});

describe("the token of a function", () => {
  it("is for the origin of the request that the function was shown: each origin has its own", async () => {
    const source = vi.fn<TokenSource>(({ url }) => `for-${new URL(url).host.replace(":", "-")}`);
    const fetch = scriptedFetch([{ reply: {}, times: Infinity }]);
    const authFetch = bearer(source)(fetch);
    for (const origin of [
      "https://a.test",
      "https://a.test:8443",
      "http://a.test",
      "https://a.test:443",
      "https://b.test",
    ]) {
      await authFetch(`${origin}/1`);
      await authFetch(`${origin}/2`);
    }
    fetch.done();
    expect(authorizationsOf(fetch.calls)).toEqual(
      ["a.test", "a.test-8443", "a.test", "a.test", "b.test"].flatMap((host) => [
        `Bearer for-${host}`,
        `Bearer for-${host}`,
      ]),
    );
    expect(source).toHaveBeenCalledTimes(4); // 443 is the default port of https
  });

  it("is refused at one origin and stays good at another", async () => {
    const source = giving("a1", "b1", "a2");
    const scheme = bearer(source);
    await walk(scheme, request("https://a.test/"), new Response());
    await walk(scheme, request("https://b.test/"), new Response());
    await walk(scheme, request("https://a.test/"), refusal(), new Response());
    const { requests } = await walk(scheme, request("https://b.test/"), new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer b1"]);
  });

  it("is kept for 100 origins: the one that was asked for first is forgotten first", async () => {
    const source = vi.fn<TokenSource>(() => "t1");
    const scheme = bearer(source);
    const call = (number: number): Promise<unknown> => walk(scheme, request(`https://${number}.test/`), new Response());
    for (let number = 0; number < 101; number++) await call(number);
    for (let number = 1; number < 101; number++) await call(number);
    expect(source).toHaveBeenCalledTimes(101);
    await call(0);
    expect(source).toHaveBeenCalledTimes(102);
  });

  it("belongs to the scheme: each fetch that it wraps shares it, and another scheme knows nothing of it", async () => {
    const source = vi.fn<TokenSource>(() => "t1");
    const scheme = bearer(source);
    const fetch = scriptedFetch([{ reply: {}, times: 3 }]);
    await scheme(fetch)("https://example.com/");
    await scheme(fetch)("https://example.com/");
    expect(source).toHaveBeenCalledTimes(1);
    await bearer(source)(fetch)("https://example.com/");
    expect(source).toHaveBeenCalledTimes(2);
  });
});

describe("perRequest", () => {
  it("asks the function for each request, so what it says now is what goes out", async () => {
    let current = "t1";
    const scheme = bearer(() => current, { perRequest: true });
    const first = await walk(scheme, request(), new Response());
    current = "t2"; // somebody else has logged in
    const second = await walk(scheme, request(), new Response());
    expect(authorizationsOf([first.requests[0], second.requests[0]])).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("lets the function answer by what it is shown", async () => {
    const scheme = bearer(({ url }) => `for-${new URL(url).pathname.slice(1)}`, { perRequest: true });
    const fetch = scriptedFetch([{ reply: {}, times: 2 }]);
    await Promise.all(["a", "b"].map((path) => scheme(fetch)(`https://example.com/${path}`)));
    expect(authorizationsOf(fetch.calls)).toEqual(["Bearer for-a", "Bearer for-b"]);
  });

  it("asks once more with the challenge after a refusal", async () => {
    const source = giving("t1", "t2");
    const { requests } = await walk(bearer(source, { perRequest: true }), request(), refusal(), new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(source.mock.calls.map(([, refused]) => refused?.params.get("error"))).toEqual([undefined, "invalid_token"]);
  });

  it("lets no failure of the function stand for another request", async () => {
    const failure = new Error("not logged in");
    const source = vi.fn<TokenSource>().mockRejectedValueOnce(failure).mockResolvedValueOnce("t1");
    const fetch = scriptedFetch([{ expect: { authorization: "Bearer t1" }, reply: {} }]);
    const authFetch = bearer(source, { perRequest: true, now: () => 0 })(fetch);
    await expect(authFetch("https://example.com/")).rejects.toBe(failure);
    await authFetch("https://example.com/");
    fetch.done();
  });
});

describe("bare401", () => {
  it("takes a 401 without a challenge for a refusal, and shows the function a plain one", async () => {
    const source = giving("t1", "t2");
    const bare = new Response(null, { status: 401 });
    const { requests } = await walk(bearer(source, { bare401: true }), request(), bare, new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(source.mock.calls[1]?.[1]).toEqual({ scheme: "bearer", params: new Map(), token68: undefined });
  });

  it.each([
    ["a challenge of another scheme", challenge("Basic")],
    ["a malformed one", challenge('Bearer error="invalid_token')],
    ["insufficient_scope", challenge('Bearer error="insufficient_scope"')],
    ["a 403", new Response(null, { status: 403 })],
  ])("leaves %s as it is", async (_, answer) => {
    const { requests } = await walk(bearer(giving("t1"), { bare401: true }), request(), answer);
    expect(requests).toHaveLength(1);
  });
});
