import { describe, expect, it } from "vitest";
import { answeringScheme, basicScheme, cookieScheme, headerScheme, queryScheme } from "./fixtures/schemes.ts";
import { scripted } from "./fixtures/scripted.ts";
import { exchangesOf } from "./index.ts";

const URL_A = "https://a.test/x";
const answer = (status: number, headers: HeadersInit = {}): Response => new Response(null, { status, headers });

/** The Headers that the runner hands in, which a fetch inside may change in place. */
const headersOf = (init: RequestInit | undefined): Headers => {
  if (init?.headers instanceof Headers) return init.headers;
  throw new Error("The runner gave no Headers.");
};

/** What hands everything on, in an init of its own. */
const layer =
  (fetcher: typeof fetch): typeof fetch =>
  (input, init) =>
    fetcher(input, { ...init });

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
    expect(exchangesOf(response)[0]?.request.url).toBe("https://a.test/x?page=2&token=[redacted]&pin=[redacted]");
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
    const response = await answeringScheme()(scripted(answer(401), answer(200)))(URL_A);
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
