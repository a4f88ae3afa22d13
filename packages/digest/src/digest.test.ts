import { defineScheme, runFlowSync } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { deferred } from "./fixtures/deferred.ts";
import { answerIn, asks, authorizationsOf, challenge, paramsIn } from "./fixtures/messages.ts";
import { digest, type DigestAlgorithm } from "./index.ts";

const USER = { username: "user", password: "password123" };
const request = (init?: RequestInit): Request => new Request("https://example.com/docs/a?b=c", init);

describe("an answer to a challenge (RFC 7616 §3.4)", () => {
  it("has each parameter in the form that the RFC gives it", async () => {
    const scheme = digest({ ...USER, cnonce: () => "c1" });
    const asked = 'qop="auth, auth-int", opaque="o1", algorithm=SHA-256, charset=UTF-8, domain="/docs", stale=false';
    const { requests } = await walk(scheme, request(), asks("n1", asked), new Response());
    expect(requests[1].headers.get("authorization")).toMatch(
      new RegExp(
        '^Digest username="user", realm="r", nonce="n1", algorithm=SHA-256, opaque="o1", qop=auth, ' +
          'uri="/docs/a\\?b=c", response="[0-9a-f]{64}", nc=00000001, cnonce="c1"$',
      ),
    );
  });

  it("escapes what is quoted, and digests what it was before (RFC 9110 §5.6.4)", async () => {
    const cnonce = String.raw`c"\c`;
    const scheme = digest({ username: String.raw`us"er\name`, password: "p", cnonce: () => cnonce });
    const asked = challenge(String.raw`Digest realm="a \"realm\" \\ \x", nonce="n\"\\", opaque="\"", qop=auth`);
    const { requests } = await walk(scheme, new Request("https://example.com/?q=\\"), asked, new Response());
    const header = requests[1].headers.get("authorization");
    const parts = [
      String.raw`username="us\"er\\name"`,
      String.raw`realm="a \"realm\" \\ x"`,
      String.raw`nonce="n\"\\"`,
      String.raw`opaque="\""`,
      String.raw`uri="/?q=\\"`,
      String.raw`cnonce="c\"\\c"`,
    ];
    for (const part of parts) expect(header).toContain(part);
    const { response } = answerIn(requests[1]) ?? {};
    const { independentDigest } = await import("./fixtures/independent.ts");
    const nothing = new Uint8Array();
    const given = {
      algorithm: "MD5",
      username: String.raw`us"er\name`,
      password: "p",
      realm: String.raw`a "realm" \ x`,
    };
    const message = { method: "GET", uri: "/?q=\\", body: nothing, responseBody: nothing };
    const once = { nonce: 'n"\\', nc: "00000001", cnonce, qop: "auth" };
    expect(response).toBe(independentDigest({ ...given, ...once, ...message }).response);
  });

  it("is of the method as it goes out", async () => {
    const { response: get } =
      answerIn((await walk(digest({ ...USER, cnonce: () => "c" }), request(), asks(), new Response())).requests[1]) ??
      {};
    const post = await walk(
      digest({ ...USER, cnonce: () => "c" }),
      request({ method: "post" }),
      asks(),
      new Response(),
    );
    expect(post.requests[1].method).toBe("POST");
    expect(answerIn(post.requests[1])?.["response"]).not.toBe(get);
  });

  it.each([
    ["https://example.com", "/"],
    ["https://example.com?q", "/?q"],
    ["https://example.com/a#fragment?not/a/query", "/a"],
    ["https://example.com/a?b#c", "/a?b"],
    ["http://[::1]:8080/a//b/../c;d=e?f=//g", "/a//c;d=e?f=//g"],
    ["https://example.com/%2e%2E/%zz?%zz", "/%zz?%zz"],
    ["https://example.com/ü ?ü \"'<>\\", "/%C3%BC%20?%C3%BC%20%22%27%3C%3E\\"],
    ["https://example.com/a?b=c?", "/a?b=c?"],
    ["https://example.com/a??", "/a??"],
    ["https://example.com/a?b#c?", "/a?b"],
    ["https://example.com/a#?", "/a"],
  ])("names the URI of %s as it stands on the request line: %s", async (url, uri) => {
    const { requests } = await walk(digest(USER), new Request(url), asks(), new Response());
    expect(requests[1].url).toBe(new Request(url).url);
    expect(answerIn(requests[1])?.["uri"]).toBe(uri);
  });

  it.each(["https://example.com/a?", "https://example.com/a?#b"])(
    "goes without the empty query of %s, which some runtimes send and some don't",
    async (url) => {
      const { requests } = await walk(digest(USER), new Request(url), asks(), new Response());
      expect(requests[1].url.split("#")[0]).toBe("https://example.com/a");
      expect(answerIn(requests[1])?.["uri"]).toBe("/a");
    },
  );

  it("has a client nonce without a qop only if the algorithm is a session's, whose key it is part of", async () => {
    const plain = await walk(digest(USER), request(), asks("n", "algorithm=MD5"), new Response());
    expect(paramsIn(plain.requests.slice(1), "cnonce")).toEqual([undefined]);
    const session = await walk(digest(USER), request(), asks("n", "algorithm=MD5-sess"), new Response());
    expect(answerIn(session.requests[1])).toMatchObject({ cnonce: expect.any(String) as string });
    expect(answerIn(session.requests[1])).not.toHaveProperty("nc");
  });

  it("replaces an Authorization of the caller's once it is asked for", async () => {
    const own = request({ headers: { authorization: "Bearer x" } });
    const { requests } = await walk(digest(USER), own, asks(), new Response());
    expect(authorizationsOf(requests)).toEqual(["Bearer x", expect.stringMatching(/^Digest /)]);
  });
});

describe("the challenge that is answered", () => {
  const lines = (["MD5", "SHA", "SHA-512-256", "SHA-256", "SHA-512"] as const).map(
    (name) => `Digest realm="r", nonce="${name}", algorithm=${name}`,
  );
  const chosenOf = async (asked: Response, algorithms?: readonly DigestAlgorithm[]): Promise<unknown> => {
    const { requests } = await walk(digest({ ...USER, algorithms }), request(), asked, new Response());
    return answerIn(requests[1])?.["nonce"];
  };

  it("is the strongest, wherever it stands, on lines of their own or on one", async () => {
    expect(await chosenOf(challenge(...lines))).toBe("SHA-512");
    expect(await chosenOf(challenge(lines.slice(0, 4).join(", ")))).toBe("SHA-512-256");
    expect(await chosenOf(challenge(...lines.slice(0, 2)))).toBe("SHA");
    expect(await chosenOf(challenge('Digest realm="r", nonce="none"', ...lines.slice(3, 4)))).toBe("SHA-256");
  });

  it("is the first of those that are as strong: -sess makes no difference there", async () => {
    const session = 'Digest realm="r", nonce="session", algorithm=SHA-512-sess';
    expect(await chosenOf(challenge(session, ...lines))).toBe("session");
    expect(await chosenOf(challenge(...lines, session))).toBe("SHA-512");
  });

  it("is within `algorithms`, whatever their order", async () => {
    expect(await chosenOf(challenge(...lines), ["MD5", "SHA-256"])).toBe("SHA-256");
    expect(await chosenOf(challenge(...lines), ["SHA"])).toBe("SHA");
  });

  it.each([
    ["an algorithm that isn't allowed", 'Digest realm="r", nonce="n", algorithm=MD5'],
    ["none named, which is MD5, and that isn't allowed", 'Digest realm="r", nonce="n"'],
    ["an algorithm that nobody knows", 'Digest realm="r", nonce="n", algorithm=SHA-3'],
    ["an algorithm that is one only in capitals", 'Digest realm="r", nonce="n", algorithm=SHA-256-se\u00df'],
    ["an algorithm that is called like a member of every object", 'Digest realm="r", nonce="n", algorithm=constructor'],
    ["two algorithms at once", 'Digest realm="r", nonce="n", algorithm="SHA-256, MD5"'],
    ["a qop that nobody knows", 'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth-conf"'],
    ["no nonce", 'Digest realm="r", algorithm=SHA-256'],
    ["an empty nonce", 'Digest realm="r", nonce="", algorithm=SHA-256'],
    ["no realm", 'Digest nonce="n", algorithm=SHA-256'],
    ["a malformed parameter", 'Digest realm="r", nonce="n", algorithm=SHA-256, qop='],
    ["a token instead of parameters", "Digest abc=="],
    ["other schemes", 'Basic realm="Digest", Negotiate'],
  ])("is none with %s: the 401 comes back as it is", async (_, line) => {
    const refusal = challenge(line);
    const { requests, response } = await walk(digest({ ...USER, algorithms: ["SHA-256"] }), request(), refusal);
    expect(authorizationsOf(requests)).toEqual([null]);
    expect(response).toBe(refusal);
  });

  it.each([
    ["a 403", new Response(null, { status: 403, headers: asks().headers })],
    ["a 407", new Response(null, { status: 407, headers: { "proxy-authenticate": 'Digest realm="r", nonce="n"' } })],
    ["a 200 with a challenge", new Response(null, { headers: asks().headers })],
    ["a 500", new Response(null, { status: 500, headers: asks().headers })],
  ])("is none in %s", async (_, answer) => {
    const { requests, response } = await walk(digest(USER), request(), answer);
    expect(authorizationsOf(requests)).toEqual([null]);
    expect(response).toBe(answer);
  });

  it.each([
    "qop=auth",
    'qop="AUTH"',
    'qop=" auth , auth-int "',
    'qop="auth auth-int"',
    'qop="auth-int,auth"',
    'qop=",auth,"',
  ])("may offer its qop as %s", async (offer) => {
    const { requests } = await walk(digest(USER), request(), asks("n", offer), new Response());
    expect(answerIn(requests[1])?.["qop"]).toBe("auth");
  });

  it.each(['qop=""', 'qop=" "', 'qop=","'])("offers none with %s", async (offer) => {
    const { requests } = await walk(digest(USER), request(), asks("n", offer), new Response());
    expect(answerIn(requests[1])).not.toHaveProperty("qop");
  });
});

describe("what is remembered of a challenge", () => {
  it("goes with the next request at once, counted on", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks(), new Response());
    for (const nc of ["00000002", "00000003"]) {
      const { requests } = await walk(scheme, request(), new Response());
      expect(answerIn(requests[0])).toMatchObject({ nonce: "n1", nc });
    }
  });

  it("belongs to the scheme: each fetch that it wraps shares it, and another scheme knows nothing of it", async () => {
    const scheme = digest(USER);
    const fetch = scriptedFetch([{ reply: asks() }, { reply: {}, times: 3 }]);
    await scheme(fetch)("https://example.com/");
    await scheme(fetch)("https://example.com/");
    await digest(USER)(fetch)("https://example.com/");
    expect(paramsIn(fetch.calls, "nc")).toEqual([undefined, "00000001", "00000002", undefined]);
    fetch.done();
  });

  it("counts a nonce on that two calls were given: no count is used twice (§3.4, nc)", async () => {
    const scheme = digest({ ...USER, handshakeTimeout: 0 });
    const bothAsked = deferred();
    const fetch = scriptedFetch([
      { reply: { status: 401, headers: asks("same").headers, after: bothAsked.promise } },
      {
        reply: () => {
          bothAsked.resolve();
          return asks("same");
        },
      },
      { reply: {}, times: 2 },
    ]);
    await Promise.all([scheme(fetch)("https://example.com/a"), scheme(fetch)("https://example.com/b")]);
    expect(paramsIn(fetch.calls.slice(2), "nonce")).toEqual(["same", "same"]);
    expect(new Set(paramsIn(fetch.calls.slice(2), "nc"))).toEqual(new Set(["00000001", "00000002"]));
  });

  it("counts a nonce on that comes back after another (a cluster whose members know only their own)", async () => {
    const scheme = digest(USER);
    const nonces = ["a", "b", "a", "b"];
    const used: unknown[] = [];
    for (const nonce of nonces) {
      const { requests } = await walk(scheme, request(), asks(nonce), new Response());
      used.push(`${answerIn(requests[1])?.["nonce"]} ${answerIn(requests[1])?.["nc"]}`);
    }
    // Between them, each member was sent the nonce of the other.
    expect(used).toEqual(["a 00000001", "b 00000001", "a 00000003", "b 00000003"]);
  });

  it("is what the latest challenge says, also where that has the same nonce, which is counted on", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1", 'qop=auth, opaque="o1", domain="/other"'), new Response());
    const { requests } = await walk(
      scheme,
      request(),
      asks("n1", 'opaque="o2", qop=auth, algorithm=SHA-256'),
      new Response(),
    );
    const params = { nonce: "n1", nc: "00000002", opaque: "o2", algorithm: "SHA-256" };
    expect(paramsIn(requests, "nc")).toEqual([undefined, "00000002"]);
    expect(answerIn(requests[1])).toMatchObject(params);
  });

  it("is forgotten for the origin that was used least recently, once there are more than 100", async () => {
    const scheme = digest(USER);
    const call = async (number: number, ...replies: readonly Response[]) => {
      const { requests } = await walk(scheme, new Request(`https://${number}.example/`), ...replies);
      return answerIn(requests[0]) !== undefined;
    };
    for (let number = 0; number < 100; number++) await call(number, asks(), new Response());
    expect(await call(0, new Response())).toBe(true); // which is a use of it
    await call(100, asks(), new Response());
    expect(await call(0, new Response())).toBe(true);
    expect(await call(1, new Response())).toBe(false);
    expect(await call(100, new Response())).toBe(true);
  });

  it("is of no use at another origin, be it only another port or scheme", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks(), new Response());
    for (const url of [
      "http://example.com/docs/a",
      "https://example.com:8443/docs/a",
      "https://www.example.com/docs/a",
    ]) {
      const { requests } = await walk(scheme, new Request(url), new Response());
      expect(authorizationsOf(requests)).toEqual([null]);
    }
  });
});

describe("a refusal", () => {
  it("of an answer ends the call, and the 401 is the very object that came", async () => {
    const refusal = asks("n2");
    const { requests, response } = await walk(digest(USER), request(), asks("n1"), refusal);
    expect(requests).toHaveLength(2);
    expect(response).toBe(refusal);
  });

  it("of an answer makes it forgotten, so that the next call begins with a question", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), asks("n2"));
    const { requests } = await walk(scheme, request(), asks("n3"), new Response());
    expect(paramsIn(requests, "nonce")).toEqual([undefined, "n3"]);
  });

  it("of an answer in one realm leaves those in others alone", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response());
    const other = challenge('Digest realm="another", nonce="n2", qop=auth');
    const again = challenge('Digest realm="another", nonce="n3", qop=auth');
    await walk(scheme, request(), other, again);
    const { requests } = await walk(scheme, request(), new Response());
    expect(paramsIn(requests, "nonce")).toEqual(["n1"]);
  });

  it("after a password was changed makes all forgotten that was known of the realm: one failed attempt a call", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response());
    const first = await walk(scheme, request(), asks("n2"), asks("n3"));
    expect(paramsIn(first.requests, "nonce")).toEqual(["n1", "n2"]);
    const { requests } = await walk(scheme, request(), asks("n4"), asks("n5"));
    expect(paramsIn(requests, "nonce")).toEqual([undefined, "n4"]);
  });

  it("of an answer that went before the question is answered once more", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response());
    const { requests, response } = await walk(scheme, request(), asks("n2"), asks("n3"));
    expect(paramsIn(requests, "nonce")).toEqual(["n1", "n2"]);
    expect(response.status).toBe(401);
  });

  it.each(["qop=auth", "qop=auth, stale=true"])(
    "with the nonce that was just answered is not answered again (%s)",
    async (more) => {
      const scheme = digest(USER);
      const cold = await walk(scheme, request(), asks("n1"), asks("n1", more));
      expect(cold.requests).toHaveLength(2);
      await walk(scheme, request(), asks("n2"), new Response());
      const warm = await walk(scheme, request(), asks("n2", more));
      expect(warm.requests).toHaveLength(1);
    },
  );

  it("with that nonce in another realm is another challenge, and is answered", async () => {
    const other = challenge('Digest realm="other", nonce="n1", qop=auth');
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response());
    const { requests, response } = await walk(scheme, request(), other, new Response());
    expect([paramsIn(requests, "realm"), paramsIn(requests, "nc")]).toEqual([
      ["r", "other"],
      ["00000002", "00000001"],
    ]);
    expect(response.status).toBe(200);
  });

  it.each(["stale=true", 'stale="TRUE"', "stale=True"])(
    "of a stale nonce is answered twice at most (%s)",
    async (stale) => {
      const again = (nonce: string): Response => asks(nonce, `qop=auth, ${stale}`);
      const cold = await walk(digest(USER), request(), asks("n1"), again("n2"), again("n3"), again("n4"));
      expect(paramsIn(cold.requests, "nonce")).toEqual([undefined, "n1", "n2", "n3"]);

      const scheme = digest(USER);
      await walk(scheme, request(), asks("n1"), new Response());
      const warm = await walk(scheme, request(), again("n2"), again("n3"), again("n4"));
      expect(paramsIn(warm.requests, "nonce")).toEqual(["n1", "n2", "n3"]);
    },
  );

  it("of a stale nonce is the end if the next one is of the password", async () => {
    const scheme = digest(USER);
    await walk(scheme, request(), asks("n1"), new Response());
    const { requests } = await walk(scheme, request(), asks("n2", "stale=true, qop=auth"), asks("n3"));
    expect(requests).toHaveLength(2);
  });

  it("without a challenge comes back after an answer, too", async () => {
    const refusal = new Response(null, { status: 401 });
    const { requests, response } = await walk(digest(USER), request(), asks(), refusal);
    expect(requests).toHaveLength(2);
    expect(response).toBe(refusal);
  });
});

describe("the flow", () => {
  it("passes an error of the transport on, at either request", async () => {
    const broken = new TypeError("fetch failed");
    await expect(walk(digest(USER), request(), broken)).rejects.toBe(broken);
    await expect(walk(digest(USER), request(), asks(), broken)).rejects.toBe(broken);
  });

  it("runs over a transport that blocks, and shares what it knows with the other", async () => {
    const scheme = digest(USER);
    const sent: (string | undefined)[] = [];
    const response = runFlowSync(scheme, request(), (one) => {
      sent.push(answerIn(one)?.["nc"]);
      return sent.length === 1 ? asks() : new Response();
    });
    expect([response.status, sent]).toEqual([200, [undefined, "00000001"]]);
    const { requests } = await walk(scheme, request(), new Response());
    expect(paramsIn(requests, "nc")).toEqual(["00000002"]);
  });

  it("can be run by another flow with yield*", async () => {
    const inner = digest(USER);
    const outer = defineScheme({
      name: "traced",
      *authFlow(one, context) {
        one.headers.set("x-trace", "1");
        yield* inner.authFlow(one, context);
      },
    });
    const { requests } = await walk(outer, request(), asks(), new Response());
    expect(requests.map((one) => one?.headers.get("x-trace"))).toEqual(["1", "1"]);
    expect(answerIn(requests[1])).toMatchObject({ nc: "00000001" });
  });

  it("is silent outside of `origins`", async () => {
    const fetch = scriptedFetch([{ expect: { authorization: null }, reply: asks() }]);
    const response = await digest({ ...USER, origins: ["https://api.example"] })(fetch)("https://example.com/");
    fetch.done();
    expect(response.status).toBe(401);
  });
});
