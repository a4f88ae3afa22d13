import { runFlowSync, historyOf } from "@authflow/flow";
import { scriptedFetch, stepFlow, walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { casesOf } from "./fixtures/cases.ts";
import { independentDigest } from "./fixtures/independent.ts";
import { answerIn, asks, authorizationsOf, challenge, paramsIn } from "./fixtures/messages.ts";
import { digest } from "./index.ts";
import { inProcess, type InProcessServer } from "./fixtures/in-process.ts";

const USER = { username: "user", password: "password123" };
const HEX64 = "ab".repeat(32);
const URL = "https://example.org/";

/** What goes out after this answer to the first request, and what the caller gets. */
async function answered(first: Response, url = URL): Promise<{ header: string | null; status: number; wire: number }> {
  const fetch = scriptedFetch([{ reply: first }, { reply: {}, times: Infinity }]);
  const { status } = await digest(USER)(fetch)(url);
  const [, header = null] = authorizationsOf(fetch.calls);
  return { header, status, wire: fetch.calls.length };
}

/** The digest in answer to a challenge. */
async function answerTo(asked: string, url = URL): Promise<Record<string, string>> {
  const { header, status } = await answered(challenge(asked), url);
  expect(status).toBe(200);
  return answerIn({ headers: new Headers({ authorization: header ?? "" }) }) ?? expect.fail("no digest was sent");
}

/** A response that comes back as it is, after one request without credentials. */
async function comesBack(response: Response): Promise<void> {
  const fetch = scriptedFetch([{ expect: { authorization: null }, reply: response }]);
  const received = await digest(USER)(fetch)(URL);
  fetch.done();
  expect(received).toBe(response);
  expect(historyOf(received)).toHaveLength(0);
}

/** An answer with each algorithm of HTTPX: which parameters are quoted, and how long they are. */
async function answersWith(algorithm: string, digits: number): Promise<void> {
  const params = `nonce="${HEX64}", qop="auth", opaque="${HEX64}", algorithm="${algorithm}", stale="FALSE"`;
  const fetch = scriptedFetch([{ reply: challenge(`Digest realm="httpx@example.org", ${params}`) }, { reply: {} }]);
  const response = await digest(USER)(fetch)(URL);
  expect([response.status, historyOf(response).length]).toEqual([200, 1]);
  const header = fetch.calls[1]?.headers.get("authorization") ?? "";
  expect(header).toMatch(/^Digest /);
  const parts = [
    `username="user"`,
    `realm="httpx@example.org"`,
    `nonce="${HEX64}"`,
    `uri="/"`,
    `opaque="${HEX64}"`,
    `algorithm=${algorithm}`,
    `qop=auth`,
    `nc=00000001`,
  ];
  for (const part of parts) expect(header.slice("Digest ".length).split(", ")).toContain(part);
  expect(header).toMatch(new RegExp(`response="[0-9a-f]{${digits}}"`));
  expect(header).toMatch(/cnonce="[0-9a-f]{16}"/);
  const { response: computed = "", cnonce = "", nc = "" } = answerIn(fetch.calls[1]) ?? {};
  const given = { ...USER, algorithm, realm: "httpx@example.org", nonce: HEX64, nc, cnonce, qop: "auth", uri: "/" };
  const nothing = new Uint8Array();
  expect(computed).toBe(independentDigest({ ...given, method: "GET", body: nothing, responseBody: nothing }).response);
}

/** Which quality a challenge is answered with. */
async function answersQuality(offered: string, expected: string): Promise<void> {
  const fetch = scriptedFetch([{ reply: asks("n", `qop="${offered}"`) }, { reply: {} }]);
  const response = await digest(USER)(fetch)(URL);
  expect([response.status, historyOf(response).length]).toEqual([200, 1]);
  expect(answerIn(fetch.calls[1])?.["qop"]).toBe(expected);
}

const behaviours: Readonly<Record<string, () => Promise<void> | void>> = {
  "digest-no-challenge-200": () => comesBack(new Response()),
  "digest-other-scheme": () => comesBack(challenge('Token realm="x", nonce="y"')),
  "digest-200-with-challenge": () =>
    comesBack(
      new Response(null, {
        headers: { "www-authenticate": 'Digest realm="realm@host.com", qop="auth", nonce="abc", opaque="xyz"' },
      }),
    ),
  "digest-401-no-header": () => comesBack(new Response(null, { status: 401 })),
  "digest-hand-200": async () => {
    await using flow = await stepFlow(digest(USER), new Request(URL));
    expect((await flow.next()).headers.has("authorization")).toBe(false);
    const welcome = new Response();
    expect(await flow.end(welcome)).toBe(welcome);
  },
  "digest-hand-401": async () => {
    await using flow = await stepFlow(digest(USER), new Request(URL));
    await flow.next();
    const second = await flow.next(challenge('Digest realm="...", qop="auth", nonce="...", opaque="..."'));
    expect(second.headers.get("authorization")).toMatch(/^Digest /);
    await flow.end(new Response());
  },
  "digest-alg-md5": () => answersWith("MD5", 32),
  "digest-alg-md5-sess": () => answersWith("MD5-SESS", 32),
  "digest-alg-sha": () => answersWith("SHA", 40),
  "digest-alg-sha-sess": () => answersWith("SHA-SESS", 40),
  "digest-alg-sha-256": () => answersWith("SHA-256", 64),
  "digest-alg-sha-256-sess": () => answersWith("SHA-256-SESS", 64),
  "digest-alg-sha-512": () => answersWith("SHA-512", 128),
  "digest-alg-sha-512-sess": () => answersWith("SHA-512-SESS", 128),
  "digest-alg-case": () => answersWith("sHa-256-sEss", 64),
  "digest-alg-default": async () => {
    const answer = await answerTo('Digest realm="r", nonce="n"');
    expect(answer).not.toHaveProperty("algorithm");
    expect(answer["response"]).toHaveLength(32);
  },
  "digest-alg-unknown": async () => {
    const answer = await answerTo('Digest realm="r", nonce="n", algorithm=SHA-512-256');
    expect(answer["response"]).toHaveLength(64);
    await comesBack(challenge('Digest realm="r", nonce="n", algorithm=SHA3-256'));
  },
  "digest-no-qop": async () => {
    const answer = await answerTo(`Digest realm="r", nonce="${HEX64}", opaque="${HEX64}", algorithm=SHA-256`);
    expect(answer).toEqual({
      username: "user",
      realm: "r",
      nonce: HEX64,
      uri: "/",
      response: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      opaque: HEX64,
      algorithm: "SHA-256",
    });
  },
  "digest-qop-auth_sp_auth-int": () => answersQuality("auth, auth-int", "auth"),
  "digest-qop-auth_auth-int": () => answersQuality("auth,auth-int", "auth"),
  "digest-qop-unknown_auth": () => answersQuality("unknown,auth", "auth"),
  "digest-qop-unknown": () => comesBack(asks("n", 'qop="not-auth"')),
  "digest-qop-unquoted": async () => {
    expect(await answerTo('Digest realm="r", nonce="n", qop=auth')).toMatchObject({ qop: "auth" });
  },
  "digest-wrong-password": async () => {
    const fetch = scriptedFetch([{ reply: asks("n1") }, { reply: asks("n2") }]);
    const response = await digest(USER)(fetch)(URL);
    fetch.done();
    expect([response.status, historyOf(response).length]).toEqual([401, 1]);
  },
  "digest-reuse": async () => {
    const fetch = scriptedFetch([{ reply: asks() }, { reply: {}, times: 2 }]);
    const authFetch = digest(USER)(fetch);
    expect(historyOf(await authFetch(URL))).toHaveLength(1);
    expect(historyOf(await authFetch(URL))).toHaveLength(0);
    fetch.done();
  },
  "digest-nc-increments": async () => {
    const scheme = digest(USER);
    await walk(scheme, new Request(URL), asks(), new Response());
    const { requests } = await walk(scheme, new Request(URL), new Response());
    expect(answerIn(requests[0])).toMatchObject({ nonce: "n1", nc: "00000002" });
  },
  "digest-nc-reset": async () => {
    const scheme = digest(USER);
    await walk(scheme, new Request(URL), asks(), new Response());
    const { requests, response } = await walk(scheme, new Request(URL), asks("n2"), new Response());
    expect(response.status).toBe(200);
    expect(paramsIn(requests, "nc")).toEqual(["00000002", "00000001"]);
    expect(paramsIn(requests, "nonce")).toEqual(["n1", "n2"]);
  },
  "digest-nc-format": async () => {
    const scheme = digest(USER);
    await walk(scheme, new Request(URL), asks(), new Response());
    for (let call = 2; call < 10; call++) await walk(scheme, new Request(URL), new Response());
    const { requests } = await walk(scheme, new Request(URL), new Response());
    expect(requests[0].headers.get("authorization")).toContain(", nc=0000000a,");
  },
  "digest-cnonce": async () => {
    const cnoncesWith = async (algorithm: string): Promise<unknown[]> => {
      const scheme = digest(USER);
      const first = await walk(scheme, new Request(URL), asks("n", `qop=auth, algorithm=${algorithm}`), new Response());
      const second = await walk(scheme, new Request(URL), new Response());
      return [...paramsIn(first.requests, "cnonce").slice(1), ...paramsIn(second.requests, "cnonce")];
    };
    const [first, second] = await cnoncesWith("MD5");
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
    const [same, again] = await cnoncesWith("MD5-sess");
    expect(again).toBe(same);
  },
  "digest-malformed-missing": () => comesBack(challenge('Digest realm="httpx@example.org", qop="auth"')),
  "digest-malformed-list": () => comesBack(challenge('Digest realm="httpx@example.org", qop="auth,au')),
  "digest-empty-token-value": () => comesBack(challenge('Digest realm=, nonce="n"')),
  "digest-bws": async () => {
    expect(await answerTo('Digest realm = "r", nonce = "n"')).toMatchObject({ realm: "r", nonce: "n" });
  },
  "digest-scheme-case": async () => {
    expect(await answerTo('DIGEST realm="r", nonce="n"')).toMatchObject({ realm: "r" });
  },
  "digest-scheme-tab": async () => {
    expect(await answerTo('Digest\trealm="r", nonce="n"')).toMatchObject({ realm: "r" });
  },
  "digest-quoted-comma": async () => {
    expect(await answerTo('Digest realm="a, b", nonce="n,1"')).toMatchObject({ realm: "a, b", nonce: "n,1" });
  },
  "digest-escaped-quote": async () => {
    const { header } = await answered(challenge(String.raw`Digest realm="a\"b", nonce="n"`));
    expect(header).toContain(String.raw`realm="a\"b"`);
    const { response } = await answerTo(String.raw`Digest realm="a\"b", nonce="n"`);
    const given = { ...USER, algorithm: "MD5", realm: 'a"b', nonce: "n", nc: "", cnonce: "", qop: undefined };
    const nothing = new Uint8Array();
    const message = { method: "GET", uri: "/", body: nothing, responseBody: nothing };
    expect(response).toBe(independentDigest({ ...given, ...message }).response);
  },
  "digest-trailing-comma": async () => {
    expect(await answerTo('Digest realm="r", nonce="n",')).toMatchObject({ nonce: "n" });
  },
  "digest-dup-param": async () => {
    expect(await answerTo('Digest realm="a", realm="b", nonce="n"')).toMatchObject({ realm: "b" });
  },
  "digest-empty-nonce": () => comesBack(challenge('Digest realm="r", nonce=""')),
  "digest-empty-opaque": async () => {
    expect(await answerTo('Digest realm="r", nonce="n", opaque=""')).toHaveProperty("opaque", "");
  },
  "digest-opaque-absent": async () => {
    expect(await answerTo('Digest realm="r", nonce="n"')).not.toHaveProperty("opaque");
  },
  "digest-uri-query": async () => {
    const uriFor = async (url: string): Promise<unknown> => (await answerTo('Digest realm="r", nonce="n"', url))["uri"];
    expect(await uriFor("https://a.test/p?q=1")).toBe("/p?q=1");
    expect(await uriFor("https://a.test/p%2Fq/%C3%BC?q=%20")).toBe("/p%2Fq/%C3%BC?q=%20");
    expect(await uriFor("https://a.test")).toBe("/");
  },
  "digest-userhash": async () => {
    const answer = await answerTo('Digest realm="r", nonce="n", algorithm=SHA-256, userhash=true');
    expect(answer).toMatchObject({ userhash: "true", username: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  },
  "digest-charset": async () => {
    const usernameWith = async (asked: string): Promise<string | undefined> => {
      const scheme = digest({ username: "jürgen", password: "pässwörd" });
      const { requests } = await walk(scheme, new Request(URL), asks("n", asked), new Response());
      return answerIn(requests[1])?.["username"];
    };
    const utf8 = Buffer.from("jürgen").toString("latin1");
    expect(await usernameWith("charset=UTF-8")).toBe(utf8);
    expect(await usernameWith("qop=auth")).toBe(utf8);
  },
  "digest-stale-true": async () => {
    const scheme = digest(USER);
    await walk(scheme, new Request(URL), asks(), new Response());
    const { requests, response } = await walk(
      scheme,
      new Request(URL),
      asks("n2", "stale=true, qop=auth"),
      new Response(),
    );
    expect(response.status).toBe(200);
    expect(answerIn(requests[1])).toMatchObject({ nonce: "n2", nc: "00000001" });
  },
  "digest-stale-forever": async () => {
    let nonce = 0;
    const fetch = scriptedFetch([{ reply: () => asks(`n${++nonce}`, "stale=true, qop=auth"), times: Infinity }]);
    const { status } = await digest(USER)(fetch)(URL);
    expect([status, fetch.calls.length]).toEqual([401, 4]);
    expect(paramsIn(fetch.calls, "nonce")).toEqual([undefined, "n1", "n2", "n3"]);
  },
  "digest-rspauth": async () => {
    const forged = new Response(null, { headers: { "authentication-info": `rspauth="${HEX64.slice(32)}", qop=auth` } });
    const call = walk(digest(USER), new Request(URL), asks(), forged);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_AUTH_VERIFICATION" });
  },
  // HTTPX ignores it. fetch fails by itself on a 407 of an origin; one that comes through a proxy's fetch stays as it is.
  "digest-407": () =>
    comesBack(
      new Response(null, { status: 407, headers: { "proxy-authenticate": 'Digest realm="r", nonce="n", qop="auth"' } }),
    ),
  "digest-multi-header-lines": async () => {
    const digestLine = 'Digest realm="r", nonce="n"';
    expect((await answered(challenge(digestLine, 'Basic realm="r"'))).header).toMatch(/^Digest /);
    expect((await answered(challenge('Basic realm="r"', digestLine))).header).toMatch(/^Digest /);
  },
  "digest-two-lines-unsupported-first": async () => {
    const lines = ['Digest realm="r", nonce="n1", algorithm=SHA3-512', 'Digest realm="r", nonce="n2", algorithm=MD5'];
    expect((await answered(challenge(...lines))).header).toContain('nonce="n2"');
  },
  "digest-one-line-two-challenges": async () => {
    const line =
      'Digest realm="R1", qop="auth", nonce="N1", algorithm=SHA-256, opaque="O1", Digest realm="R2", nonce="N2", algorithm=MD5';
    expect(await answerTo(line)).toMatchObject({ realm: "R1", nonce: "N1", algorithm: "SHA-256", opaque: "O1" });
  },
  "digest-digest-basic-one-line": async () => {
    expect(await answerTo('Digest realm="R1", qop="auth", nonce="N1", Basic realm="B"')).toMatchObject({ realm: "R1" });
  },
  // fetch on servers keeps no cookies: a wrapper inside, such as fetch-cookie, sees both requests and does.
  "digest-cookie-from-401": async () => {
    let cookie: string | null = null;
    const fetch = scriptedFetch([
      { reply: { status: 401, headers: [...asks().headers, ["set-cookie", "session=.session_value"]] } },
      { expect: { headers: { cookie: "session=.session_value" } }, reply: {} },
    ]);
    const jar = async (url: string, init?: RequestInit): Promise<Response> => {
      const headers = new Headers(init?.headers);
      if (cookie !== null) headers.set("cookie", cookie);
      const response = await fetch(url, { ...init, headers });
      cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
      return response;
    };
    expect((await digest(USER)(jar)(URL)).status).toBe(200);
    fetch.done();
  },
  "digest-rfc2069": async () => {
    const scheme = digest({ username: "Mufasa", password: "CircleOfLife" });
    const params = 'realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const asked = challenge(`Digest ${params}, opaque="5ccc069c403ebaf9f0171e9517f40e41"`);
    const { requests } = await walk(
      scheme,
      new Request("https://www.example.com/dir/index.html"),
      asked,
      new Response(),
    );
    expect(answerIn(requests[1])).toEqual({
      username: "Mufasa",
      realm: "testrealm@host.com",
      nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
      uri: "/dir/index.html",
      response: "1949323746fe6a43ef61f9606e7febea",
      opaque: "5ccc069c403ebaf9f0171e9517f40e41",
    });
  },
  "digest-rfc7616-md5": () => rfc7616("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
  "digest-rfc7616-sha256": () => rfc7616("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
  // Up to `replayLimit` a stream is sent again; past it, an error that carries the 401. Never an empty body.
  "digest-stream-body": async () => {
    const fetch = scriptedFetch([{ reply: asks() }, { expect: { body: "a stream" }, reply: {} }]);
    const init = { method: "POST", body: new Blob(["a stream"]).stream(), duplex: "half" } as RequestInit;
    expect((await digest(USER)(fetch)(URL, init)).status).toBe(200);
    fetch.done();
    const again = { ...init, body: new Blob(["a stream"]).stream() };
    const call = digest(USER)(scriptedFetch([{ reply: asks() }]), { replayLimit: 4 })(URL, again);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE", response: { status: 401 } });
  },
  "digest-bytes-body": () => sendsTwice(new TextEncoder().encode("bytes")),
  "digest-file-body": () => sendsTwice(new File(["filebody"], "file.txt")),
  "digest-multipart-file": async () => {
    const form = new FormData();
    form.append("f", new File(["filebody"], "file.txt"));
    await sendsTwice(form);
  },
  "digest-cross-origin-warm": async () => {
    const fetch = scriptedFetch([{ reply: asks() }, { reply: {} }, { expect: { authorization: null }, reply: {} }]);
    const authFetch = digest(USER)(fetch);
    await authFetch("https://a.test/");
    await authFetch("https://b.test/");
    fetch.done();
  },
};

async function rfc7616(algorithm: string, response: string): Promise<void> {
  const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  const scheme = digest({ username: "Mufasa", password: "Circle of Life", cnonce: () => cnonce });
  const nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  const params = `realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}"`;
  const asked = challenge(`Digest ${params}, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`);
  const { requests } = await walk(scheme, new Request("http://www.example.org/dir/index.html"), asked, new Response());
  expect(answerIn(requests[1])).toMatchObject({ response, nc: "00000001", qop: "auth", algorithm, cnonce });
}

async function sendsTwice(body: BodyInit): Promise<void> {
  const fetch = scriptedFetch([{ reply: asks() }, { reply: {} }]);
  await digest(USER)(fetch)(URL, { method: "POST", body });
  const [first, second] = fetch.calls;
  expect(first?.body.length).toBeGreaterThan(0);
  expect(second?.text).toBe(first?.text);
}

const nonces = (server: InProcessServer): string[] =>
  server.authorizations.flatMap((authorization) => {
    const answer = authorization === null ? undefined : answerIn({ headers: new Headers({ authorization }) });
    return answer ? [`${answer["nonce"]} ${answer["nc"]}`] : [];
  });

/** How many requests a server got, how many of them with a nonce and a count of their own, and how calls ended. */
async function burst(server: InProcessServer, calls: () => Promise<readonly Response[]>) {
  const responses = await calls();
  const used = nonces(server);
  return {
    wire: server.verdicts.length,
    repeated: used.length - new Set(used).size,
    refused: responses.filter(({ status }) => status !== 200).length,
  };
}

const hundred = (call: () => Promise<Response>): Promise<Response[]> => Promise.all(Array.from({ length: 100 }, call));

const concurrency: Readonly<Record<string, () => Promise<void>>> = {
  "conc-seq-100": async () => {
    const server = inProcess();
    const authFetch = digest(USER)(server.fetch);
    const outcome = await burst(server, async () => {
      const responses: Response[] = [];
      for (let call = 0; call < 100; call++) responses.push(await authFetch(URL));
      return responses;
    });
    expect(outcome).toEqual({ wire: 101, repeated: 0, refused: 0 });
  },
  "conc-seq-fresh-100": async () => {
    const server = inProcess();
    for (let call = 0; call < 100; call++) await digest(USER)(server.fetch)(URL);
    expect(server.verdicts).toHaveLength(200);
  },
  "conc-cold-100": async () => {
    const server = inProcess({ counts: "unseen" });
    const authFetch = digest(USER)(server.fetch);
    const outcome = await burst(server, () => hundred(() => authFetch(URL)));
    expect(outcome).toEqual({ wire: 101, repeated: 0, refused: 0 });
  },
  "conc-warm-100": async () => {
    const server = inProcess({ counts: "unseen" }, (batch) => batch.toReversed());
    const authFetch = digest(USER)(server.fetch);
    await authFetch(URL);
    const outcome = await burst(server, () => hundred(() => authFetch(URL)));
    expect(outcome).toEqual({ wire: 102, repeated: 0, refused: 0 });
  },
  // In order they all pass; in the reverse order all but one are stale, and one more request each makes up for it.
  "conc-warm-strict-100": async () => {
    for (const [isReversed, wire] of [
      [false, 102],
      [true, 201],
    ]) {
      const server = inProcess({}, (batch) => (isReversed ? batch.toReversed() : batch));
      const authFetch = digest(USER)(server.fetch);
      await authFetch(URL);
      const outcome = await burst(server, () => hundred(() => authFetch(URL)));
      expect(outcome).toEqual({ wire, repeated: 0, refused: 0 });
    }
  },
  // There are no threads here; calls of one scheme through several wrappers come closest.
  "conc-threads-100": async () => {
    const server = inProcess({ counts: "unseen" }, (batch) => batch.toReversed());
    const scheme = digest(USER);
    const outcome = await burst(server, () => hundred(() => scheme(server.fetch)(URL)));
    expect(outcome).toEqual({ wire: 101, repeated: 0, refused: 0 });
  },
  "conc-threads-strict-100": async () => {
    const server = inProcess({}, (batch) => batch.toReversed());
    const scheme = digest(USER);
    const { repeated, refused } = await burst(server, () => hundred(() => scheme(server.fetch)(URL)));
    expect([repeated, refused]).toEqual([0, 0]);
  },
};

describe.each([
  ["digest", behaviours],
  ["digest-concurrency", concurrency],
])("conformance/httpx-behaviours.json, area %s", (area, behaves) => {
  it("is tested whole", () => {
    const cases = casesOf("httpx-behaviours.json") as readonly { id: string; area: string }[];
    const ids = cases.filter((one) => one.area === area).map(({ id }) => id);
    expect(Object.keys(behaves).toSorted()).toEqual(ids.toSorted());
  });

  it.each(Object.entries(behaves))("%s", (_, does) => does());
});

it("a transport that blocks authenticates, too, as HTTPX's Client does", () => {
  const sent: (string | null)[] = [];
  const response = runFlowSync(digest(USER), new Request(URL), ({ headers }) => {
    sent.push(headers.get("authorization"));
    return sent.length === 1 ? asks() : new Response();
  });
  expect(response.status).toBe(200);
  expect(sent).toEqual([null, expect.stringMatching(/^Digest /)]);
});
