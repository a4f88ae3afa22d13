import { describe, expect, it } from "vitest";
import { failureOf } from "./fixtures/failure.ts";
import { basicScheme, cookieScheme, headerScheme, queryScheme } from "./fixtures/schemes.ts";
import { scripted } from "./fixtures/scripted.ts";
import { defineScheme, type Exchange, exchangesOf, historyOf, runFlow, type RunOptions } from "./index.ts";

const URL_A = "https://a.test/x";
const answer = (status: number, headers: HeadersInit = {}): Response => new Response(null, { status, headers });
const moved = (location: string): Response => answer(307, { location });

/** The Headers that the runner hands in, which a fetch inside may change in place. */
const headersOf = (init: RequestInit | undefined): Headers => {
  if (init?.headers instanceof Headers) return init.headers;
  throw new Error("The runner gave no Headers.");
};

/** `200 GET https://a.test/x` */
const lines = (exchanges: readonly Exchange[]): string[] =>
  exchanges.map(({ request: { method, url }, response }) => `${response?.status ?? "failed"} ${method} ${url}`);

/** Answers one 401 with a token. */
const answering = defineScheme({
  name: "answering",
  *authFlow(request) {
    const response = yield request;
    if (response.status !== 401) return;
    request.headers.set("authorization", "Token t0ken");
    yield request;
  },
});

/** Fetches a token from elsewhere first, by a request of its own. */
const fetchingToken = defineScheme({
  name: "fetching a token",
  *authFlow(request) {
    const token = yield new Request("https://idp.test/token", { method: "POST", body: "grant" });
    request.headers.set("authorization", `Bearer ${token.headers.get("x-issued")}`);
    yield request;
  },
});

describe("historyOf and exchangesOf (promise 7)", () => {
  it("tell every exchange in wire order: challenges, redirects, flows outside and inside", async () => {
    const next = scripted(answer(401), moved("/y"), answer(401), answer(200));
    const response = await headerScheme()(answering(next))(URL_A);
    const wire = ["401 GET https://a.test/x", "307 GET https://a.test/x", "401 GET https://a.test/y"];
    expect(lines(historyOf(response))).toEqual(wire);
    expect(lines(exchangesOf(response))).toEqual([...wire, "200 GET https://a.test/y"]);
  });

  it("tell for each response what came before it: nothing for the first", async () => {
    const responses = [answer(401), answer(200)] as const;
    await answering(scripted(...responses))(URL_A);
    expect(historyOf(responses[0])).toEqual([]);
    expect(lines(exchangesOf(responses[0]))).toEqual(["401 GET https://a.test/x"]);
    expect(lines(historyOf(responses[1]))).toEqual(["401 GET https://a.test/x"]);
  });

  it("tell what was before a Response that the flow made itself", async () => {
    const making = defineScheme({
      name: "making",
      *authFlow(request) {
        yield request;
        return new Response("made");
      },
    });
    const response = await making(scripted(answer(200)))(URL_A);
    expect(lines(exchangesOf(response))).toEqual(["200 GET https://a.test/x"]);
    expect(lines(historyOf(response))).toEqual(["200 GET https://a.test/x"]);
  });

  it("know nothing of other values", () => {
    expect(historyOf(new Response())).toEqual([]);
    for (const value of [new Response(), new Error("other"), {}, null, undefined, "text", 1]) {
      expect(exchangesOf(value)).toEqual([]);
    }
  });

  it("mark a request of the scheme's own, and historyOf leaves it out", async () => {
    const next = scripted(answer(200, { "x-issued": "t1" }), answer(200));
    const response = await fetchingToken(next)(URL_A);
    expect(historyOf(response)).toEqual([]);
    expect(exchangesOf(response).map(({ side, request }) => [side, request.url])).toEqual([
      [true, "https://idp.test/token"],
      [false, URL_A],
    ]);
  });

  it("mark what context.send sends, too", async () => {
    const sending = defineScheme({
      name: "sending",
      async *authFlow(request, context) {
        await context.send(new Request("https://idp.test/token"));
        yield request;
      },
    });
    const response = await sending(scripted(answer(200), answer(200)))(URL_A);
    expect(exchangesOf(response).map(({ side }) => side)).toEqual([true, false]);
    expect(historyOf(response)).toEqual([]);
  });

  it("tell of a runner behind a layer: each exchange once, side requests marked", async () => {
    const layer =
      (fetcher: typeof fetch): typeof fetch =>
      (input, init) =>
        fetcher(input, { ...init });
    const next = scripted(
      answer(200, { "x-issued": "t1" }),
      answer(401),
      answer(200, { "x-issued": "t2" }),
      answer(200),
    );
    const response = await answering(layer(fetchingToken(next)))(URL_A);
    expect(lines(exchangesOf(response))).toEqual([
      "200 POST https://idp.test/token",
      "401 GET https://a.test/x",
      "200 POST https://idp.test/token",
      "200 GET https://a.test/x",
    ]);
    expect(lines(historyOf(response))).toEqual(["401 GET https://a.test/x"]);
  });

  it("give lists of their own: what a caller does to one changes no other", async () => {
    const response = await answering(scripted(answer(401), answer(200)))(URL_A);
    (historyOf(response) as Exchange[]).length = 0;
    expect(historyOf(response)).toHaveLength(1);
  });

  it("measure the time from the send to the headers", async () => {
    const [exchange] = exchangesOf(await basicScheme()(scripted(answer(200)))(URL_A));
    expect(exchange?.duration).toBeGreaterThanOrEqual(0);
    expect(exchange?.duration).not.toBe(Number.POSITIVE_INFINITY);
  });
});

describe("errors carry the exchanges that led to them", () => {
  it("a transport error: the last exchange is its own, without a response", async () => {
    const lost = new TypeError("fetch failed");
    const error = await failureOf(answering(scripted(answer(401), lost))(URL_A));
    expect(error).toBe(lost);
    expect(lines(exchangesOf(error))).toEqual(["401 GET https://a.test/x", "failed GET https://a.test/x"]);
    expect(exchangesOf(error).at(-1)).toMatchObject({ error: lost, response: undefined });
  });

  it("an error of the runner's", async () => {
    const error = await failureOf(answering(scripted(answer(401), moved("ftp://a.test/")))(URL_A));
    expect(error).toMatchObject({ code: "ERR_AUTHFLOW_REDIRECT_TARGET" });
    expect(lines(exchangesOf(error))).toEqual(["401 GET https://a.test/x", "307 GET https://a.test/x"]);
  });

  it("an error that a flow throws", async () => {
    const refusing = defineScheme({
      name: "refusing",
      *authFlow(request) {
        yield request;
        throw new RangeError("no");
      },
    });
    const error = await failureOf(refusing(scripted(answer(200)))(URL_A));
    expect(error).toBeInstanceOf(RangeError);
    expect(lines(exchangesOf(error))).toEqual(["200 GET https://a.test/x"]);
  });
});

describe("exchanges show no credential", () => {
  const all = (next: typeof fetch): typeof fetch => basicScheme()(headerScheme()(queryScheme()(cookieScheme()(next))));

  it("in the headers of the request, whatever header a scheme set", async () => {
    const pin = headerScheme("1234", "x-pin");
    const response = await pin(all(scripted(answer(200))))(URL_A, { headers: { "x-own": "shown", accept: "*/*" } });
    const [exchange] = exchangesOf(response);
    expect(Object.fromEntries(exchange?.request.headers ?? [])).toEqual({
      accept: "*/*",
      authorization: "Basic [redacted]",
      cookie: "[redacted]",
      "x-api-key": "[redacted]",
      "x-own": "shown",
      "x-pin": "[redacted]",
    });
  });

  it("in the caller's own headers", async () => {
    const headers = { authorization: "Bearer c4ller", "proxy-authorization": "Basic c4ller", cookie: "sid=c4ller" };
    const [exchange] = exchangesOf(await headerScheme()(scripted(answer(200)))(URL_A, { headers }));
    expect(Object.fromEntries(exchange?.request.headers ?? [])).toEqual({
      authorization: "Bearer [redacted]",
      cookie: "[redacted]",
      "proxy-authorization": "Basic [redacted]",
      "x-api-key": "[redacted]",
    });
  });

  it("in the URL: no user, no fragment, no pair that a scheme added, whatever its name", async () => {
    const next = scripted(answer(200));
    const response = await queryScheme("1234", "pin")(next)("https://us3r:pa55@a.test/x?page=2&token=mine#frag");
    expect(next.requests[0]?.url).toBe("https://a.test/x?page=2&token=mine&pin=1234#frag");
    expect(lines(exchangesOf(response))).toEqual(["200 GET https://a.test/x?page=2&token=[redacted]&pin=[redacted]"]);
  });

  it("in the headers of the response: Set-Cookie, and the Location that copies the query", async () => {
    const location = `https://us3r:pa55@b.test/?pin=1234&page=2`;
    const next = scripted(answer(307, { location, "set-cookie": "sid=s3cret", "x-own": "shown" }), answer(200));
    const [first] = exchangesOf(await queryScheme("1234", "pin")(next)(URL_A));
    expect(Object.fromEntries(first?.response?.headers ?? [])).toEqual({
      location: "https://b.test/?pin=[redacted]&page=2",
      "set-cookie": "[redacted]",
      "x-own": "shown",
    });
  });

  it("behind a layer: what the outer scheme set is redacted in what the inner runner tells", async () => {
    const layer =
      (fetcher: typeof fetch): typeof fetch =>
      (input, init) =>
        fetcher(input, { ...init });
    const outer = headerScheme(
      "1234",
      "x-pin",
    )(layer(queryScheme("5678", "code")(layer(headerScheme()(scripted(answer(200)))))));
    const [exchange, ...others] = exchangesOf(await outer(URL_A));
    expect(others).toEqual([]);
    expect(exchange?.request.url).toBe("https://a.test/x?code=[redacted]");
    expect(Object.fromEntries(exchange?.request.headers ?? [])).toEqual({
      "x-api-key": "[redacted]",
      "x-pin": "[redacted]",
    });
  });

  it("and each shows its own step: the first attempt of a challenge has no credentials", async () => {
    const response = await answering(scripted(answer(401), answer(200)))(URL_A);
    expect(exchangesOf(response).map(({ request }) => request.headers.get("authorization"))).toEqual([
      null,
      "Token [redacted]",
    ]);
  });

  it.each([
    ["a string", URL_A],
    ["a Request", new Request(URL_A, { headers: { accept: "*/*" } })],
  ])("and what went out is what they show, whatever the fetch inside does to %s and init", async (_, input) => {
    const vandal: typeof fetch = async (sent, init) => {
      const headers = sent instanceof Request ? sent.headers : headersOf(init);
      headers.set("x-vandal", "1");
      headers.delete("accept");
      return answer(200);
    };
    const init = typeof input === "string" ? { headers: { accept: "*/*" } } : {};
    const [exchange] = exchangesOf(await basicScheme()(vandal)(input, init));
    // What the fetch inside sets and takes off is what goes out; a Request's own headers it has for itself.
    expect([...(exchange?.request.headers.keys() ?? [])]).toEqual(["authorization", "x-vandal"]);
  });

  it("and can't be changed into showing: the headers that they give are copies", async () => {
    const response = answer(200, { "x-own": "1" });
    const [exchange] = exchangesOf(await basicScheme()(scripted(response))(URL_A));
    exchange?.response?.headers.set("x-own", "2");
    expect(response.headers.get("x-own")).toBe("1");
  });
});

describe("onExchange", () => {
  const observed = (next: typeof fetch, options: RunOptions): typeof fetch => runFlow(answering, next, options);

  it("sees each exchange as it ends, before the flow goes on", async () => {
    const order: string[] = [];
    const next: typeof fetch = async () => {
      order.push("sent");
      return answer(order.length === 1 ? 401 : 200);
    };
    const authFetch = observed(next, { onExchange: ({ response }) => order.push(`saw ${response?.status}`) });
    const response = await authFetch(URL_A);
    order.push("returned");
    expect(order).toEqual(["sent", "saw 401", "sent", "saw 200", "returned"]);
    expect(response.status).toBe(200);
  });

  it("sees the very exchanges that the history tells, side requests and failures too", async () => {
    const seen: Exchange[] = [];
    const next = scripted(answer(200, { "x-issued": "t1" }), new TypeError("fetch failed"));
    const error = await failureOf(
      runFlow(fetchingToken, next, { onExchange: (exchange) => seen.push(exchange) })(URL_A),
    );
    expect(seen).toEqual(exchangesOf(error));
    expect(seen.map(({ side, error: lost }) => [side, lost !== undefined])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it.each([
    ["side by side", (next: typeof fetch): typeof fetch => next],
    [
      "with a layer in between",
      (next: typeof fetch): typeof fetch =>
        (input, init) =>
          next(input, { ...init }),
    ],
  ])("of nested wrappers, %s: each sees every exchange once, the outer one first", async (_, layer) => {
    const seen: string[] = [];
    const note = (who: string): RunOptions => ({
      onExchange: ({ response }) => seen.push(`${who} ${response?.status}`),
    });
    const inner = runFlow(headerScheme(), scripted(answer(401), answer(200)), note("inner"));
    await observed(layer(inner), note("outer"))(URL_A);
    expect(seen).toEqual(["outer 401", "inner 401", "outer 200", "inner 200"]);
  });

  it("does no harm by what it throws, which is reported as an uncaught error", async () => {
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    const uncaught = new Promise((resolve) => {
      process.once("uncaughtException", resolve);
    });
    try {
      const thrown = new RangeError("observer");
      const response = await observed(scripted(answer(200)), {
        onExchange: () => {
          throw thrown;
        },
      })(URL_A);
      expect(response.status).toBe(200);
      expect(await uncaught).toBe(thrown);
    } finally {
      for (const listener of listeners) process.on("uncaughtException", listener);
    }
  });
});

describe("a credential header that a wrapper inside took off", () => {
  const dropping =
    (name: string) =>
    (next: typeof fetch): typeof fetch => {
      return (input, init) => {
        const headers = new Headers(init?.headers);
        headers.delete(name);
        return next(input, { ...init, headers });
      };
    };

  it("is pointed out in the exchange, where a runner further inside sees it", async () => {
    const next = scripted(answer(401));
    const response = await basicScheme()(dropping("authorization")(headerScheme()(next)))(URL_A);
    expect(exchangesOf(response).map(({ dropped }) => dropped)).toEqual([["authorization"]]);
  });

  it("is pointed out also where it was taken off the very headers that the wrapper was given", async () => {
    const inPlace =
      (next: typeof fetch): typeof fetch =>
      (input, init) => {
        headersOf(init).delete("authorization");
        return next(input, init);
      };
    const response = await basicScheme()(inPlace(headerScheme()(scripted(answer(401)))))(URL_A);
    expect(exchangesOf(response).map(({ dropped }) => dropped)).toEqual([["authorization"]]);
  });

  it("is none in an exchange that carries it, or never had it", async () => {
    const kept = await basicScheme()(dropping("x-other")(headerScheme()(scripted(answer(200)))))(URL_A);
    const never = await queryScheme()(dropping("authorization")(headerScheme()(scripted(answer(200)))))(URL_A);
    for (const response of [kept, never]) expect(exchangesOf(response).map(({ dropped }) => dropped)).toEqual([[]]);
  });
});
