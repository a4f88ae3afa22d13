import { basic } from "@authflow/basic";
import { defineScheme, exchangesOf, type Fetch, historyOf } from "@authflow/flow";
import { describe, expect, test } from "vitest";
import { basicHeader } from "./fixtures/base64.ts";
import { authorizations, type Call, recordingFetch } from "./fixtures/recording-fetch.ts";
import { compose, createAuthFetch, type Route, routes } from "./index.ts";

const AT_API = basicHeader("at", "api");
const AT_OTHER = basicHeader("at", "other");
const BY_CLIENT = basicHeader("by", "client");

const API: Route = { match: "https://api.example.com", auth: ["at", "api"] };
const OTHER: Route = { match: "https://other.example", auth: ["at", "other"] };
const BOTH = [API, OTHER];

/** A middleware that puts a header on each request. */
const adds =
  (name: string, value: string) =>
  (next: Fetch): Fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers);
    headers.append(name, value);
    return next(input, { ...init, headers });
  };

const key = defineScheme((request) => {
  request.headers.set("x-api-key", "k1");
  return request;
});

/** Redirects as a table says, and answers 200 elsewhere. */
const redirecting =
  (table: Readonly<Record<string, string>>) =>
  ({ url }: Call): Response =>
    table[url] === undefined ? new Response("ok") : Response.redirect(table[url], 307);

const sent = (calls: readonly Call[], name: string): (string | null)[] => calls.map(({ headers }) => headers.get(name));

describe("routes", () => {
  test("give each server its own credentials, and others none", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = routes(BOTH)(fetch);
    for (const origin of ["https://api.example.com", "https://other.example", "https://third.example"]) {
      await authFetch(`${origin}/x`);
    }
    expect(authorizations(calls)).toEqual([AT_API, AT_OTHER, null]);
  });

  test("take the first that matches", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = routes([
      { match: "https://api.example.com/open", auth: null },
      { match: (url) => url.pathname === "/special", auth: ["by", "function"] },
      API,
      { match: () => true, auth: ["any", "where"] },
    ])(fetch);
    for (const path of ["/open/x", "/special", "/x"]) await authFetch(`https://api.example.com${path}`);
    await authFetch("https://other.example/special");
    await authFetch("https://other.example/");
    expect(authorizations(calls)).toEqual([
      null,
      basicHeader("by", "function"),
      AT_API,
      basicHeader("by", "function"),
      basicHeader("any", "where"),
    ]);
  });

  test("ask a function anew in each call, also for the URL of the last one", async () => {
    const { fetch, calls } = recordingFetch();
    let answer = true;
    const authFetch = routes([{ match: () => answer, auth: ["at", "api"], use: adds("x-used", "yes") }])(fetch);
    for (answer of [true, false, true]) await authFetch("https://api.example.com/x");
    expect(authorizations(calls)).toEqual([AT_API, null, AT_API]);
    expect(sent(calls, "x-used")).toEqual(["yes", null, "yes"]);
  });

  test("look each URL up as it is, in whatever letters, after whatever other URL", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = routes([
      { match: "https://api.example.com/v1", auth: ["at", "api"], use: adds("x-used", "yes") },
    ])(fetch);
    const urls = ["/v1", "/v1", "/v2", "/v1/%2e%2e/v2", "/v1?a=/v2", "/v2?a=/v1"].map(
      (path) => `https://api.example.com${path}`,
    );
    for (const url of [...urls, "HTTPS://API.EXAMPLE.COM:443/v1", new URL("/v1", "https://api.example.com")]) {
      await authFetch(url);
    }
    const isIn = [true, true, false, false, true, false, true, true];
    expect(sent(calls, "x-used")).toEqual(isIn.map((yes) => (yes ? "yes" : null)));
    expect(authorizations(calls)).toEqual(isIn.map((yes) => (yes ? AT_API : null)));
  });

  test("take a list of matches", async () => {
    const { fetch, calls } = recordingFetch();
    const match = ["https://api.example.com/a", (url: URL) => url.hostname === "b.example"];
    const authFetch = routes([{ match, auth: ["at", "api"] }])(fetch);
    for (const url of ["https://api.example.com/a/1", "https://b.example/", "https://api.example.com/b"]) {
      await authFetch(url);
    }
    expect(authorizations(calls)).toEqual([AT_API, AT_API, null]);
  });

  test("take any scheme, also a function and one for some origins only", async () => {
    const { fetch, calls } = recordingFetch();
    const token = (request: Request): Request => new Request(request, { headers: { authorization: "Token 1" } });
    const elsewhere = basic({ username: "no", password: "where", origins: ["https://else.example"] });
    const authFetch = routes([
      { match: "https://a.example", auth: token },
      { match: "https://b.example", auth: elsewhere },
    ])(fetch);
    await authFetch("https://a.example/");
    await authFetch("https://b.example/");
    expect(authorizations(calls)).toEqual(["Token 1", null]);
  });

  test("pass on what is no http URL", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = routes([{ match: () => true, auth: ["any", "where"], use: adds("x-used", "1") }])(fetch);
    await authFetch("data:text/plain,hello");
    await authFetch("/relative");
    expect(sent(calls, "authorization")).toEqual([null, null]);
    expect(sent(calls, "x-used")).toEqual([null, null]);
  });

  test("drive flows that ask for the body, and for that of the response", async () => {
    const answer = new Response("proof");
    const { fetch, calls } = recordingFetch(() => answer);
    const read: string[] = [];
    const signing = defineScheme({
      name: "signing",
      requiresRequestBody: true,
      requiresResponseBody: true,
      *authFlow(request) {
        request.headers.set("x-length", String(request.content.length));
        const response = yield request;
        read.push(new TextDecoder().decode(response.content));
      },
    });
    const authFetch = routes([API, { match: "https://signed.example", auth: signing }])(fetch);
    const response = await authFetch("https://signed.example/", { method: "POST", body: "12345" });
    expect(sent(calls, "x-length")).toEqual(["5"]);
    expect(read).toEqual(["proof"]);
    expect(await response.text()).toBe("proof");
  });
});

describe("redirects", () => {
  const A = "https://api.example.com/a";
  const B = "https://other.example/b";
  const C = "https://third.example/c";

  test("are looked up afresh, hop by hop, also on the way back", async () => {
    const { fetch, calls } = recordingFetch(redirecting({ [A]: B, [B]: C, [C]: "https://api.example.com/end" }));
    const response = await routes(BOTH)(fetch)(A);
    expect(authorizations(calls)).toEqual([AT_API, AT_OTHER, null, AT_API]);
    expect(response.url).toBe("https://api.example.com/end");
    expect(historyOf(response)).toHaveLength(3);
  });

  test("from https lead to no credentials over http", async () => {
    const plain = "http://other.example/b";
    const { fetch, calls } = recordingFetch(redirecting({ [A]: plain }));
    const match = "http://other.example";
    const use = compose(basic({ username: "u", password: "p" }), adds("x-used", "1"));
    await routes([API, { match, auth: ["at", "other"] }])(fetch)(A);
    await routes([API, { match, use }])(fetch)(A);
    expect(sent(calls, "x-used")).toEqual([null, null, null, "1"]);
    expect(authorizations(calls)).toEqual([AT_API, null, AT_API, null]);
  });

  test("take the client's credentials to no other origin, where no route matches", async () => {
    const { fetch, calls } = recordingFetch(redirecting({ [C]: "https://fourth.example/", [A]: C }));
    const authFetch = createAuthFetch({ routes: [API], auth: ["by", "client"], fetch });
    await authFetch(C);
    await authFetch(A);
    expect(authorizations(calls)).toEqual([BY_CLIENT, null, AT_API, null, null]);
  });

  test("take what a middleware has put on to no other origin", async () => {
    const { fetch, calls } = recordingFetch(redirecting({ [A]: B }));
    const authFetch = routes([{ match: "https://api.example.com", use: adds("x-api-key", "k1") }])(fetch);
    await authFetch(A);
    await authFetch(A, { auth: null } as RequestInit);
    expect(sent(calls, "x-api-key")).toEqual(["k1", null, "k1", null]);
    expect(calls.map(({ init }) => init["redirect"])).toEqual(["manual", "manual", "manual", "manual"]);
  });
});

describe("createAuthFetch with routes", () => {
  const cases: readonly [title: string, url: string, auth: ["by", "request"] | null | undefined, unknown][] = [
    ["the request's before the route's", "https://api.example.com/", ["by", "request"], basicHeader("by", "request")],
    ["the route's before the client's", "https://api.example.com/", undefined, AT_API],
    ["the route's before the URL's", "https://in:url@api.example.com/", undefined, AT_API],
    ["the client's where no route matches", "https://third.example/", undefined, BY_CLIENT],
    ["the client's where the route doesn't say", "https://used.example/", undefined, BY_CLIENT],
    ["nobody's where the route says so", "https://open.example/", undefined, null],
    ["nobody's where the route says so, in spite of the URL", "https://in:url@open.example/", undefined, null],
    ["nobody's where the request says so", "https://api.example.com/", null, null],
  ];
  test.each(cases)("takes %s", async (_, url, auth, expected) => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({
      routes: [
        ...BOTH,
        { match: "https://open.example", auth: null },
        { match: "https://used.example", use: (x: Fetch) => x },
      ],
      auth: ["by", "client"],
      fetch,
    });
    await authFetch(url, { auth });
    expect(authorizations(calls)).toEqual([expected]);
  });

  test("takes the URL's where neither a route nor the client says", async () => {
    const { fetch, calls } = recordingFetch(redirecting({ "https://third.example/a": "https://api.example.com/" }));
    await createAuthFetch({ routes: BOTH, fetch })("https://in:url@third.example/a");
    expect(authorizations(calls)).toEqual([basicHeader("in", "url"), AT_API]);
  });

  test("sends one scheme's credentials, not both", async () => {
    const { fetch, calls } = recordingFetch();
    const apiKey = defineScheme((request) => {
      request.headers.set("x-api-key", "k1");
      return request;
    });
    const authFetch = createAuthFetch({ routes: BOTH, auth: apiKey, fetch });
    await authFetch("https://api.example.com/");
    await authFetch("https://third.example/");
    expect(authorizations(calls)).toEqual([AT_API, null]);
    expect(sent(calls, "x-api-key")).toEqual([null, "k1"]);
  });

  test("gives each exchange to onExchange once", async () => {
    const { fetch } = recordingFetch();
    const urls: string[] = [];
    const authFetch = createAuthFetch({
      routes: BOTH,
      auth: ["by", "client"],
      fetch,
      onExchange: ({ request }) => urls.push(request.url),
    });
    await authFetch("https://api.example.com/");
    await authFetch("https://third.example/");
    expect(urls).toEqual(["https://api.example.com/", "https://third.example/"]);
  });

  test("leaves auth of the client readable and settable", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ routes: BOTH, fetch });
    expect(authFetch.auth).toBe(null);
    authFetch.auth = ["by", "client"];
    await authFetch("https://third.example/");
    await authFetch("https://api.example.com/");
    expect(authorizations(calls)).toEqual([BY_CLIENT, AT_API]);
  });
});

describe("auth: null in a route", () => {
  test("turns off the wrappers inside, too", async () => {
    const { fetch, calls } = recordingFetch();
    const inner = basic({ username: "in", password: "side" })(fetch);
    const authFetch = routes([{ match: "https://open.example", auth: null }])(inner);
    await authFetch("https://open.example/");
    await authFetch("https://third.example/");
    expect(authorizations(calls)).toEqual([null, basicHeader("in", "side")]);
  });

  test("leaves a header that the request carries", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = routes([{ match: "https://open.example", auth: null }])(fetch);
    await authFetch("https://open.example/", { headers: { authorization: "Bearer mine" } });
    expect(authorizations(calls)).toEqual(["Bearer mine"]);
  });
});

describe("use", () => {
  test("sends each request through the middleware of its route", async () => {
    const { fetch, calls } = recordingFetch(redirecting({ "https://a.example/": "https://b.example/" }));
    const authFetch = routes([
      { match: "https://a.example", use: adds("x-used", "a") },
      { match: "https://b.example", use: adds("x-used", "b"), auth: ["at", "b"] },
    ])(fetch);
    await authFetch("https://a.example/");
    await authFetch("https://third.example/");
    expect(sent(calls, "x-used")).toEqual(["a", "b", null]);
    expect(authorizations(calls)).toEqual([null, basicHeader("at", "b"), null]);
  });

  test("may send more than once, with the body each time", async () => {
    const bodies: unknown[] = [];
    const { fetch } = recordingFetch(({ init }) => {
      bodies.push(init["body"]);
      return new Response(null, { status: bodies.length < 3 ? 503 : 200 });
    });
    const retry =
      (next: Fetch): Fetch =>
      async (input, init) => {
        let response = await next(input, init);
        for (let left = 5; left > 0 && response.status === 503; left--) response = await next(input, init);
        return response;
      };
    const authFetch = routes([{ match: "https://a.example", auth: ["at", "a"], use: retry }])(fetch);
    const response = await authFetch("https://a.example/", { method: "PUT", body: "content" });
    expect(response.status).toBe(200);
    expect(bodies).toEqual(["content", "content", "content"]);
    expect(exchangesOf(response)).toHaveLength(1); // what is further inside is the middleware's
  });

  test("takes schemes composed to one, which act where the route leads after a redirect", async () => {
    const { fetch, calls } = recordingFetch(redirecting({ "https://a.example/": "https://b.example/" }));
    const both = compose(basic({ username: "at", password: "b" }), key);
    await routes([{ match: "https://b.example", use: both }])(fetch)("https://a.example/");
    expect(authorizations(calls)).toEqual([null, basicHeader("at", "b")]);
    expect(sent(calls, "x-api-key")).toEqual([null, "k1"]);
  });

  test("acts where the route leads, and takes nobody there who is wrapped below the routes", async () => {
    const table = { "https://a.example/": "https://b.example/", "https://b.example/": "https://b.example/end" };
    const layer = adds("x-used", "1");
    for (const use of [layer, compose(layer, key), compose(key, layer)]) {
      const { fetch, calls } = recordingFetch(redirecting(table));
      const under = basic({ username: "of", password: "a" })(fetch);
      await routes([{ match: "https://b.example", use }])(under)("https://a.example/");
      expect(authorizations(calls)).toEqual([basicHeader("of", "a"), null, null]);
      expect(sent(calls, "x-used")).toEqual([null, "1", "1"]);
      expect(sent(calls, "x-api-key")).toEqual(use === layer ? [null, null, null] : [null, "k1", "k1"]);
    }
  });

  test("lets those below act where the call is at home", async () => {
    const { fetch, calls } = recordingFetch();
    const under = basic({ username: "of", password: "b" })(fetch);
    await routes([{ match: "https://b.example", use: adds("x-used", "1") }])(under)("https://b.example/");
    expect(authorizations(calls)).toEqual([basicHeader("of", "b")]);
  });

  test("counts a scheme as auth", async () => {
    const { fetch, calls } = recordingFetch();
    const use = basic({ username: "at", password: "api" });
    const authFetch = createAuthFetch({
      routes: [{ match: "https://api.example.com", use }],
      auth: ["by", "client"],
      fetch,
    });
    await authFetch("https://api.example.com/");
    await authFetch("https://api.example.com/", { auth: ["by", "request"] });
    await authFetch("https://api.example.com/", { auth: null });
    expect(authorizations(calls)).toEqual([AT_API, basicHeader("by", "request"), null]);
  });

  test("turns schemes inside it off with the request's auth: null, and goes on with the rest", async () => {
    const { fetch, calls } = recordingFetch();
    const use = compose(adds("x-used", "1"), (next: Fetch) => basic({ username: "u", password: "p" })(next));
    const authFetch = createAuthFetch({ routes: [{ match: "https://a.example", use }], fetch });
    await authFetch("https://a.example/", { auth: null, method: "POST", body: () => "made" });
    expect(authorizations(calls)).toEqual([null]);
    expect(sent(calls, "x-used")).toEqual(["1"]);
    expect(calls[0]?.init["body"]).toBe("made");
  });
});

describe("what it wraps", () => {
  test("keeps its members, and takes further arguments and members of init", async () => {
    const seen: unknown[][] = [];
    const inner = Object.assign(
      async (...input: unknown[]): Promise<Response> => {
        seen.push(input);
        return new Response("ok");
      },
      { preconnect: () => "connected" },
    );
    const wrapped = routes([{ match: "https://a.example", auth: null, use: (next: typeof inner) => next }])(inner);
    expect(wrapped.preconnect()).toBe("connected");
    expect(wrapped.name).toBe(inner.name);
    await wrapped("https://a.example/", { dispatcher: 1 }, "further");
    expect(seen[0]?.[1]).toMatchObject({ dispatcher: 1 });
    expect(seen[0]?.[2]).toBe("further");
  });

  test("may be an AuthFetch, whose auth stays readable", () => {
    const inner = createAuthFetch({ auth: ["a", "b"], fetch: recordingFetch().fetch });
    expect(routes([{ match: "https://a.example", auth: null }])(inner).auth?.name).toBe("basic");
  });
});

describe("what can't be meant", () => {
  const auth = null;
  const invalid: readonly [what: string, routes: unknown][] = [
    ["no list", {}],
    ["no route", [null]],
    ["neither auth nor use", [{ match: "https://a.example" }]],
    ["no match", [{ auth }]],
    ["a host without https://", [{ match: "api.example.com", auth }]],
    ["another protocol", [{ match: "ftp://a.example", auth }]],
    ["a query", [{ match: "https://a.example/?a=1", auth }]],
    ["credentials in a match", [{ match: "https://finley:hunter2@a.example/", auth }]],
    ["a wildcard in a text", [{ match: "https://*.example.com", auth }]],
    ["a regular expression", [{ match: /api/, auth }]],
    ["a use that is none", [{ match: "https://a.example", use: "retry" }]],
    ["a use that gives no fetch", [{ match: "https://a.example", use: () => undefined }]],
    ["two schemes", [{ match: "https://a.example", use: basic({ username: "u", password: "p" }), auth: ["a", "b"] }]],
  ];
  test.each(invalid)("is refused when the fetch is made: %s", (_, given) => {
    const make = (): unknown => createAuthFetch({ routes: given as Route[], fetch: recordingFetch().fetch });
    expect(make).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
    expect(make).not.toThrow(/hunter2/);
  });

  test("is refused as auth with the errors that auth has", () => {
    expect(() => routes([{ match: "https://a.example", auth: "finley:secret" as never }])).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_SCHEME" }),
    );
  });

  test("rejects the call where a function answers later, which would match everything", async () => {
    const { fetch, calls } = recordingFetch();
    const match = (async () => false) as unknown as () => boolean;
    await expect(routes([{ match, auth: ["a", "b"] }])(fetch)("https://a.example/")).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_INVALID_OPTION",
    });
    expect(calls).toEqual([]);
  });
});
