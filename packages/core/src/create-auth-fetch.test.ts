import { basic } from "@authflow/basic";
import { type AuthScheme, defineScheme, type Exchange, type Fetch, historyOf, runFlow } from "@authflow/flow";
import { afterEach, describe, expect, test, vi } from "vitest";
import { basicHeader } from "./fixtures/base64.ts";
import { authorizations, recordingFetch } from "./fixtures/recording-fetch.ts";
import { type AuthLike, createAuthFetch, install } from "./index.ts";

const URL_PLAIN = "https://api.example.com/x";
const URL_WITH_CREDENTIALS = "https://in:url@api.example.com/x";

/** What a caller without types may give. */
const untyped = (value: unknown): AuthLike => value as AuthLike;

/** A scheme that puts a token into a header of its own. */
class TokenAuth implements AuthScheme {
  readonly name = "token";
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  *authFlow(request: Request): Generator<Request, void, Response> {
    request.headers.set("authorization", `Token ${this.#token}`);
    yield request;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("precedence", () => {
  const cases: readonly [title: string, client: AuthLike, request: AuthLike | undefined, url: string, sent: unknown][] =
    [
      ["nobody's", null, undefined, URL_PLAIN, null],
      ["the URL's", null, undefined, URL_WITH_CREDENTIALS, basicHeader("in", "url")],
      ["the client's before the URL's", ["by", "client"], undefined, URL_WITH_CREDENTIALS, basicHeader("by", "client")],
      ["the request's before the URL's", null, ["by", "request"], URL_WITH_CREDENTIALS, basicHeader("by", "request")],
      ["the request's before all", ["by", "client"], ["by", "request"], URL_PLAIN, basicHeader("by", "request")],
      ["none with null, before all", ["by", "client"], null, URL_WITH_CREDENTIALS, null],
    ];
  test.each(cases)("takes %s", async (_, client, request, url, sent) => {
    const { fetch, calls } = recordingFetch();
    await createAuthFetch({ auth: client, fetch })(url, { auth: request });
    expect(authorizations(calls)).toEqual([sent]);
    expect(calls[0]?.url).toBe(URL_PLAIN);
  });

  test("keeps an Authorization header of the request only from credentials in the URL", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    const headers = { authorization: "Bearer mine" };
    await authFetch(URL_WITH_CREDENTIALS, { headers });
    await authFetch(URL_WITH_CREDENTIALS, { headers, auth: ["by", "request"] });
    authFetch.auth = ["by", "client"];
    await authFetch(URL_WITH_CREDENTIALS, { headers });
    await authFetch(new Request(URL_PLAIN, { headers }));
    await authFetch(new Request(URL_PLAIN, { headers }), { auth: null });
    expect(authorizations(calls)).toEqual([
      "Bearer mine",
      basicHeader("by", "request"),
      basicHeader("by", "client"),
      basicHeader("by", "client"),
      "Bearer mine",
    ]);
  });

  test("lets a scheme around the whole go before what stands in the URL, as a client's: also one that waits to be asked", async () => {
    const { fetch, calls } = recordingFetch(({ headers }) =>
      headers.has("authorization") ? new Response("ok") : new Response("who?", { status: 401 }),
    );
    const polite: AuthScheme = {
      name: "polite",
      *authFlow(request) {
        const response = yield request;
        if (response.status !== 401) return;
        request.headers.set("authorization", "Token polite");
        yield request;
      },
    };
    const authFetch = createAuthFetch({ fetch });
    await runFlow(new TokenAuth("outer"), authFetch)(URL_WITH_CREDENTIALS);
    await runFlow(polite, authFetch)(URL_WITH_CREDENTIALS);
    expect(authorizations(calls)).toEqual(["Token outer", null, "Token polite"]);
  });

  test("takes the URL's where a scheme around the whole may not act, and only at the origin that they were for", async () => {
    const { fetch, calls } = recordingFetch();
    const silent = Object.assign(new TokenAuth("outer"), { origins: ["https://elsewhere.example"] });
    const plain = createAuthFetch({ fetch });
    const copying: typeof plain = Object.assign<Fetch, typeof plain>((input, init) => plain(input, { ...init }), plain);
    const leading: Fetch = (_, init) => plain("https://other.example/", init);
    for (const next of [plain, copying]) {
      await runFlow(silent, next)(URL_WITH_CREDENTIALS);
      await runFlow(silent, next)(URL_WITH_CREDENTIALS, { headers: { authorization: "Bearer mine" } });
      await runFlow(silent, next)("https://in:url@elsewhere.example/");
    }
    await runFlow(silent, leading)(URL_WITH_CREDENTIALS);
    const sent = [basicHeader("in", "url"), "Bearer mine", "Token outer"];
    expect(authorizations(calls)).toEqual([...sent, ...sent, null]);
    expect(calls[0]?.url).toBe(URL_PLAIN);
  });

  test("tells the user name alone to what a route uses, so that a look-up finds that user's entry and no other's", async () => {
    const { fetch } = recordingFetch();
    const users: unknown[] = [];
    const asking: AuthScheme = {
      name: "asking",
      *authFlow(request, { user }) {
        users.push(user);
        yield request;
      },
    };
    const routed = [{ match: URL_PLAIN, use: (next: Fetch) => runFlow(asking, next) }];
    await createAuthFetch({ routes: routed, fetch })(URL_WITH_CREDENTIALS);
    await createAuthFetch({ auth: new TokenAuth("client"), routes: routed, fetch })(URL_WITH_CREDENTIALS);
    await createAuthFetch({ auth: new TokenAuth("client"), origins: [], routes: routed, fetch })(URL_WITH_CREDENTIALS);
    expect(users).toEqual(["in", "in", "in"]);
  });

  test("reads a URL object and a colon-free user name as fetch's callers write them", async () => {
    const { fetch, calls } = recordingFetch();
    await createAuthFetch({ fetch })(new URL("https://in@api.example.com/a@b"));
    expect(authorizations(calls)).toEqual([basicHeader("in", "")]);
    expect(calls[0]?.url).toBe("https://api.example.com/a@b");
  });

  test("takes an @ in the path or the query for no credentials", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    await authFetch("https://api.example.com/@scope/name?to=a:b@c");
    await authFetch("/relative@path");
    await authFetch("data:text/plain,a:b@c");
    expect(calls.map(({ url }) => url)).toEqual([
      "https://api.example.com/@scope/name?to=a:b@c",
      "/relative@path",
      "data:text/plain,a:b@c",
    ]);
    expect(authorizations(calls)).toEqual([null, null, null]);
  });

  test("refuses a user name in the URL that Basic can't send, and does not print it (RFC 7617 §2)", async () => {
    const { fetch, calls } = recordingFetch();
    const refused = createAuthFetch({ fetch })("https://use%3Ar:hunter2@api.example.com/");
    await expect(refused).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" });
    await expect(refused).rejects.not.toThrow(/hunter2|use:r/);
    expect(calls).toEqual([]);
  });
});

describe("auth: null", () => {
  test("turns off every wrapper inside", async () => {
    const { fetch, calls } = recordingFetch();
    const inner = new TokenAuth("inner");
    // One directly around the next, and one with a layer between that copies init.
    const wrapped = runFlow(inner, fetch);
    const layered: typeof wrapped = (input, init) => createAuthFetch({ auth: inner, fetch })(input, { ...init });
    for (const next of [wrapped, layered]) {
      const authFetch = createAuthFetch({ auth: ["by", "client"], fetch: next });
      await authFetch(URL_WITH_CREDENTIALS, { auth: null });
      await authFetch(new Request(URL_PLAIN), { auth: null });
    }
    expect(authorizations(calls)).toEqual([null, null, null, null]);
  });

  test("turns off the wrappers outside, too", async () => {
    const { fetch, calls } = recordingFetch();
    const inside = createAuthFetch({ auth: ["by", "client"], fetch });
    const outside = runFlow(new TokenAuth("outer"), inside);
    await outside(URL_WITH_CREDENTIALS, { auth: null });
    expect(authorizations(calls)).toEqual([null]);
    expect(calls[0]?.url).toBe(URL_PLAIN);
  });

  test("marks the call by its origin, and leaves the rest of an outer mark", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    await authFetch("https://in:url@api.example.com:8443/x", { auth: null });
    await authFetch(URL_PLAIN, { auth: null, authflow: { origin: "https://outer.example", left: true } } as object);
    expect(calls.map(({ init }) => init["authflow"])).toEqual([
      { origin: "https://api.example.com:8443", off: true },
      { origin: "https://outer.example", left: true, off: true },
    ]);
  });

  test("is what a client starts with, and may be set to", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ auth: undefined, fetch });
    expect(authFetch.auth).toBe(null);
    authFetch.auth = ["by", "client"];
    authFetch.auth = null;
    expect(authFetch.auth).toBe(null);
    await authFetch(URL_PLAIN);
    expect(authorizations(calls)).toEqual([null]);
  });
});

describe("what auth may be", () => {
  const literal: AuthScheme = {
    name: "literal",
    *authFlow(request) {
      request.headers.set("authorization", "Token 1");
      yield request;
    },
  };
  const token = (request: Request): Request => {
    request.headers.set("authorization", "Token 1");
    return request;
  };
  const values: readonly [title: string, auth: NonNullable<AuthLike>, sent: string][] = [
    ["a pair", ["finley", "secret"], basicHeader("finley", "secret")],
    ["a function", token, "Token 1"],
    ["an async function", async (request) => token(request), "Token 1"],
    ["a literal", literal, "Token 1"],
    ["an instance of a class with private fields", new TokenAuth("1"), "Token 1"],
    ["what defineScheme makes", defineScheme(literal), "Token 1"],
    ["what a scheme package makes", basic({ username: "a", password: "b" }), basicHeader("a", "b")],
  ];

  test.each(values)("takes %s: for the client, by assignment, and for a request", async (_, auth, sent) => {
    const { fetch, calls } = recordingFetch();
    await createAuthFetch({ auth, fetch })(URL_PLAIN);
    const authFetch = createAuthFetch({ fetch });
    await authFetch(URL_PLAIN, { auth });
    authFetch.auth = auth;
    await authFetch(URL_PLAIN);
    expect(authorizations(calls)).toEqual([sent, sent, sent]);
  });

  test("reads as the scheme that was given, and as a scheme for what was none yet", () => {
    const scheme = new TokenAuth("1");
    const authFetch = createAuthFetch({ auth: scheme });
    expect(authFetch.auth).toBe(scheme);
    authFetch.auth = ["finley", "secret"];
    expect(authFetch.auth?.name).toBe("basic");
    authFetch.auth = token;
    expect(authFetch.auth?.name).toBe("token");
    expect(authFetch.auth).not.toBe(token);
  });

  test("takes what it read itself", async () => {
    const { fetch, calls } = recordingFetch();
    const first = createAuthFetch({ auth: ["finley", "secret"], fetch });
    await createAuthFetch({ auth: first.auth, fetch })(URL_PLAIN);
    expect(authorizations(calls)).toEqual([basicHeader("finley", "secret")]);
  });

  const wrong: readonly [title: string, auth: unknown, code: string][] = [
    ["a string", "finley:secret", "INVALID_SCHEME"],
    ["a number", 42, "INVALID_SCHEME"],
    ["a boolean", true, "INVALID_SCHEME"],
    ["an object without a flow", { username: "finley", password: "hunter2" }, "INVALID_SCHEME"],
    ["basic itself, which makes schemes", basic, "INVALID_SCHEME"],
    ["the global fetch", globalThis.fetch, "INVALID_SCHEME"],
    [
      "a fetch that a scheme wraps",
      basic({ username: "finley", password: "hunter2" })(async () => new Response()),
      "INVALID_SCHEME",
    ],
    ["a list of one", ["hunter2"], "INVALID_SCHEME"],
    ["a list of three", ["finley", "hunter2", "x"], "INVALID_SCHEME"],
    ["a pair without a password", ["finley", undefined], "INVALID_CREDENTIALS"],
    ["a pair with a line end", ["finley", "hunter2\n"], "INVALID_CREDENTIALS"],
  ];

  test.each(wrong)("refuses %s: at set-up, on assignment, and for a request", async (_, auth, suffix) => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    const refusal: unknown = expect.objectContaining({ code: `ERR_AUTHFLOW_${suffix}` });
    expect(() => createAuthFetch({ auth: untyped(auth), fetch })).toThrow(refusal);
    expect(() => {
      authFetch.auth = untyped(auth);
    }).toThrow(refusal);
    const call = authFetch(URL_PLAIN, { auth: untyped(auth) });
    await expect(call).rejects.toEqual(refusal);
    await expect(call).rejects.not.toThrow(/hunter2|secret/);
    expect(calls).toEqual([]);
  });

  test("tells a function that returned no Request what to return", async () => {
    const { fetch, calls } = recordingFetch();
    const forgetful = untyped((request: Request) => {
      request.headers.set("authorization", "Token 1");
    });
    const call = createAuthFetch({ auth: forgetful, fetch })(URL_PLAIN);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_REQUEST" });
    expect(calls).toEqual([]);
  });

  test("refuses undefined on assignment, where null is meant", () => {
    expect(() => {
      createAuthFetch().auth = untyped(undefined);
    }).toThrow(/null for none/);
  });

  test("never throws at the call itself: as with fetch, the promise rejects", async () => {
    let call: Promise<Response> | undefined;
    expect(() => (call = createAuthFetch()(URL_PLAIN, { auth: untyped("x") }))).not.toThrow();
    await expect(call).rejects.toMatchObject({ name: "InvalidSchemeError" });
  });
});

describe("wrapping", () => {
  test("keeps what a scheme remembers, from call to call", async () => {
    const { fetch, calls } = recordingFetch(({ headers }) =>
      headers.has("authorization") ? new Response("ok") : new Response("who?", { status: 401 }),
    );
    const authFetch = createAuthFetch({ fetch });
    let known = false;
    const remembering: AuthScheme = {
      name: "remembering",
      *authFlow(request) {
        if (!known && (yield request).status !== 401) return;
        known = true;
        request.headers.set("authorization", "Token 1");
        yield request;
      },
    };
    await authFetch(URL_PLAIN, { auth: remembering });
    await authFetch(URL_PLAIN, { auth: remembering });
    expect(authorizations(calls)).toEqual([null, "Token 1", "Token 1"]);
  });

  test("is done once for a scheme or a function, however often it comes", async () => {
    const { fetch } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    let asked = 0;
    const scheme: AuthScheme = {
      name: "counted",
      get origins() {
        asked += 1; // the runner reads them when it wraps
        return ["https://api.example.com"];
      },
      *authFlow(request) {
        yield request;
      },
    };
    await authFetch(URL_PLAIN, { auth: scheme });
    const once = asked;
    for (let call = 0; call < 3; call++) await authFetch(URL_PLAIN, { auth: scheme });
    expect(once).toBeGreaterThan(0);
    expect(asked).toBe(once);
  });

  test("sends what a pair holds now, also where the array is the same", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    const pair: [string, string] = ["finley", "old"];
    await authFetch(URL_PLAIN, { auth: pair });
    pair[1] = "new";
    await authFetch(URL_PLAIN, { auth: pair });
    await authFetch(URL_PLAIN, { auth: ["olivia", "new"] });
    await authFetch(URL_PLAIN, { auth: ["finley", "old"] });
    expect(authorizations(calls)).toEqual([
      basicHeader("finley", "old"),
      basicHeader("finley", "new"),
      basicHeader("olivia", "new"),
      basicHeader("finley", "old"),
    ]);
  });

  test("takes no longer list for the pair that came before it", async () => {
    const { fetch } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    await authFetch(URL_PLAIN, { auth: ["finley", "secret"] });
    await expect(authFetch(URL_PLAIN, { auth: untyped(["finley", "secret", "x"]) })).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_INVALID_SCHEME",
    });
  });

  test("leaves calls under way with the auth that they began with", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { fetch, calls } = recordingFetch();
    const slow: AuthScheme = {
      name: "slow",
      async *authFlow(request) {
        await gate;
        request.headers.set("authorization", "Token slow");
        yield request;
      },
    };
    const authFetch = createAuthFetch({ auth: slow, fetch });
    const call = authFetch(URL_PLAIN);
    authFetch.auth = null;
    open();
    await call;
    await authFetch(URL_PLAIN);
    expect(authorizations(calls)).toEqual(["Token slow", null]);
  });
});

describe("origins", () => {
  const origins = ["https://API.example.com:443/"];

  test("bound where the client's auth may act", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ auth: new TokenAuth("1"), origins, fetch });
    await authFetch(URL_PLAIN);
    await authFetch("https://elsewhere.example/");
    await authFetch("http://api.example.com/");
    authFetch.auth = ["by", "client"];
    await authFetch(URL_PLAIN);
    await authFetch("https://elsewhere.example/");
    expect(authorizations(calls)).toEqual(["Token 1", null, null, basicHeader("by", "client"), null]);
  });

  test("do not bound what a request names, or what stands in its URL", async () => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ auth: new TokenAuth("1"), origins, fetch });
    await authFetch("https://elsewhere.example/", { auth: ["by", "request"] });
    await authFetch("https://in:url@elsewhere.example/");
    await authFetch("https://in:url@elsewhere.example/", { headers: { authorization: "Bearer mine" } });
    await authFetch("https://in:url@api.example.com/");
    expect(authorizations(calls)).toEqual([
      basicHeader("by", "request"),
      basicHeader("in", "url"),
      "Bearer mine",
      "Token 1",
    ]);
  });

  test("only narrow those of the scheme itself", async () => {
    const { fetch, calls } = recordingFetch();
    const scheme = Object.assign(new TokenAuth("1"), { origins: ["https://a.example", "https://b.example"] });
    const authFetch = createAuthFetch({ auth: scheme, origins: ["https://b.example", "https://c.example"], fetch });
    for (const host of ["a", "b", "c"]) await authFetch(`https://${host}.example/`);
    expect(authorizations(calls)).toEqual([null, "Token 1", null]);
    expect(authFetch.auth).toBe(scheme);
  });

  test("hold at every hop for a scheme that looks credentials up by origin", async () => {
    const { fetch, calls } = recordingFetch(({ url }) =>
      url === "https://a.example/" ? Response.redirect("https://b.example/", 302) : new Response("ok"),
    );
    const scheme = Object.assign(new TokenAuth("1"), { scope: "origin" as const });
    await createAuthFetch({ auth: scheme, origins: ["https://a.example"], fetch })("https://a.example/");
    await createAuthFetch({ auth: scheme, origins: ["https://b.example"], fetch })("https://in:url@a.example/");
    expect(authorizations(calls)).toEqual(["Token 1", null, basicHeader("in", "url"), "Token 1"]);
  });

  test("are checked when the fetch is made", () => {
    expect(() => createAuthFetch({ origins: ["api.example.com"] })).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });
});

describe("redirects", () => {
  test("take credentials of the URL to no other origin", async () => {
    const { fetch, calls } = recordingFetch(({ url }) =>
      url === URL_PLAIN ? Response.redirect("https://other.example/", 307) : new Response("ok"),
    );
    const response = await createAuthFetch({ fetch })(URL_WITH_CREDENTIALS);
    expect(authorizations(calls)).toEqual([basicHeader("in", "url"), null]);
    expect(response.url).toBe("https://other.example/");
    expect(historyOf(response)).toHaveLength(1);
  });
});

describe("what it passes on", () => {
  test("hands unknown members of init and further arguments to fetch, and auth to nobody", async () => {
    const seen: unknown[][] = [];
    const fetch = async (...input: unknown[]): Promise<Response> => {
      seen.push(input);
      return new Response("ok");
    };
    const dispatcher = { dispatch: true };
    for (const auth of [undefined, null, ["a", "b"]] as const) {
      const authFetch = createAuthFetch({ fetch }) as (...input: unknown[]) => Promise<Response>;
      await authFetch(URL_PLAIN, { ...(auth !== undefined && { auth }), dispatcher }, "further");
    }
    for (const [input, init, further] of seen) {
      expect(input).toBe(URL_PLAIN);
      expect(init).toMatchObject({ dispatcher });
      expect(init).not.toHaveProperty("auth");
      expect(further).toBe("further");
    }
    expect(seen).toHaveLength(3);
  });

  test("changes nothing of the caller's", async () => {
    const { fetch } = recordingFetch();
    const headers = { accept: "text/plain" };
    const init = Object.freeze({ auth: Object.freeze(["a", "b"] as const), headers: Object.freeze(headers) });
    await createAuthFetch({ fetch })(URL_PLAIN, init);
    expect(init).toEqual({ auth: ["a", "b"], headers: { accept: "text/plain" } });
  });

  test.each([undefined, null, ["a", "b"]] as const)("calls a body factory with auth %j", async (auth) => {
    const { fetch, calls } = recordingFetch();
    const authFetch = createAuthFetch({ fetch });
    await authFetch(URL_PLAIN, { auth, method: "POST", body: () => "made" });
    await authFetch(URL_PLAIN, { auth, method: "POST", body: async () => new URLSearchParams({ made: "later" }) });
    const sent = calls.map(({ init }) => new Response(init["body"] as BodyInit).text());
    expect(await Promise.all(sent)).toEqual(["made", "made=later"]);
  });
});

describe("options", () => {
  test("look the global fetch up at each call", async () => {
    const authFetch = createAuthFetch({ auth: ["a", "b"] });
    const { fetch, calls } = recordingFetch();
    vi.stubGlobal("fetch", fetch);
    await authFetch(URL_PLAIN);
    expect(authorizations(calls)).toEqual([basicHeader("a", "b")]);
  });

  test("give each exchange to onExchange, once, for whichever auth", async () => {
    const { fetch } = recordingFetch();
    const exchanges: Exchange[] = [];
    const onExchange = (exchange: Exchange): void => void exchanges.push(exchange);
    const authFetch = createAuthFetch({ auth: ["a", "b"], origins: ["https://api.example.com"], fetch, onExchange });
    await authFetch(URL_PLAIN);
    await authFetch(URL_PLAIN, { auth: ["c", "d"] });
    await authFetch("https://in:url@elsewhere.example/");
    expect(exchanges.map(({ request }) => request.headers.get("authorization"))).toEqual([
      "Basic [redacted]",
      "Basic [redacted]",
      "Basic [redacted]",
    ]);
  });

  test("bound what of a stream is kept", async () => {
    const { fetch } = recordingFetch(() => new Response("who?", { status: 401 }));
    const twice = defineScheme({
      name: "twice",
      *authFlow(request) {
        yield request;
        yield request;
      },
    });
    const body = new Blob(["12345678"]).stream();
    const call = createAuthFetch({ auth: twice, fetch: drained(fetch), replayLimit: 4 })(URL_PLAIN, {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE", response: { status: 401 } });
  });

  test.each([
    [{ fetch: untyped("fetch") }],
    [{ replayLimit: -1 }],
    [{ contentLimit: Number.NaN }],
    [{ onExchange: untyped({}) }],
  ] as readonly [object][])("refuse %o when the fetch is made", (options) => {
    expect(() => createAuthFetch(options)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
  });
});

describe("what is no options", () => {
  const scheme = basic({ username: "finley", password: "hunter2" });

  test.each([
    ["a scheme", scheme],
    ["what makes schemes", basic],
    ["a fetch", globalThis.fetch],
    ["null", null],
    ["a text", "finley:hunter2"],
  ])("is refused at once, with a word on where it belongs: %s", (_, given) => {
    expect(() => createAuthFetch(given as never)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: "createAuthFetch takes options, such as { auth: scheme } or { fetch }.",
      }),
    );
  });

  test.each([
    ["a pair", ["finley", "hunter2"], "0"],
    ["a scheme that is an object", { name: "token", *authFlow() {} }, "name"],
    ["a name with a letter too few", { origin: "https://api.example.com", auth: ["finley", "hunter2"] }, "origin"],
    ["options of Basic", { username: "finley", password: "hunter2" }, "username"],
  ])("is refused by its name: %s", (_, given, name) => {
    const make = (): unknown => createAuthFetch(given as never);
    expect(make).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: `There is no option "${name}". There are auth, origins, routes, fetch, onExchange, replayLimit, contentLimit.`,
      }),
    );
    expect(make).not.toThrow(/hunter2/);
  });

  test("is refused by install, too", () => {
    expect(() => install({ origins: ["https://api.example.com"], auths: null } as never)).toThrow('no option "auths"');
  });
});

describe("an AuthFetch inside another middleware", () => {
  test("keeps its auth readable and settable", async () => {
    const { fetch, calls } = recordingFetch();
    const inner = createAuthFetch({ auth: ["by", "client"], fetch });
    const outer = defineScheme((request) => {
      request.headers.set("x-api-key", "k1");
      return request;
    })(inner);
    expect(outer.auth).toBe(inner.auth);
    outer.auth = ["set", "outside"];
    await outer(URL_PLAIN);
    expect(authorizations(calls)).toEqual([basicHeader("set", "outside")]);
    expect(calls[0]?.headers.get("x-api-key")).toBe("k1");
  });
});

/** The same fetch, which reads its body first, as one that sends it does. */
function drained(fetch: (input: string, init?: RequestInit) => Promise<Response>): typeof fetch {
  return async (input, init) => {
    await new Response(init?.body ?? null).arrayBuffer();
    return fetch(input, init);
  };
}
