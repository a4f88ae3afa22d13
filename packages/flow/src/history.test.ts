import { describe, expect, it } from "vitest";
import { failureOf } from "./fixtures/failure.ts";
import { settled } from "./fixtures/outcome.ts";
import { answeringScheme, basicScheme, headerScheme, lookUpScheme, tokenScheme } from "./fixtures/schemes.ts";
import { scripted } from "./fixtures/scripted.ts";
import {
  defineScheme,
  type Exchange,
  exchangesOf,
  historyOf,
  runFlow,
  type Scheme,
  singleFlight,
  waitFor,
} from "./index.ts";

const URL_A = "https://a.test/x";
const answer = (status: number, headers: HeadersInit = {}): Response => new Response(null, { status, headers });
const moved = (location: string): Response => answer(307, { location });

/** `200 GET https://a.test/x` */
const lines = (exchanges: readonly Exchange[]): string[] =>
  exchanges.map(({ request: { method, url }, response }) => `${response?.status ?? "failed"} ${method} ${url}`);

/** What hands everything on, in an init of its own. */
const layer =
  (fetcher: typeof fetch): typeof fetch =>
  (input, init) =>
    fetcher(input, { ...init });

describe("historyOf and exchangesOf (promise 7)", () => {
  it("tell every exchange in wire order: challenges, redirects, flows outside and inside", async () => {
    const next = scripted(answer(401), moved("/y"), answer(401), answer(200));
    const response = await headerScheme()(answeringScheme()(next))(URL_A);
    const wire = ["401 GET https://a.test/x", "307 GET https://a.test/x", "401 GET https://a.test/y"];
    expect(lines(historyOf(response))).toEqual(wire);
    expect(lines(exchangesOf(response))).toEqual([...wire, "200 GET https://a.test/y"]);
  });

  it("tell for each response what came before it: nothing for the first", async () => {
    const responses = [answer(401), answer(200)] as const;
    await answeringScheme()(scripted(...responses))(URL_A);
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
    const response = await tokenScheme()(next)(URL_A);
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
    const next = scripted(
      answer(200, { "x-issued": "t1" }),
      answer(401),
      answer(200, { "x-issued": "t2" }),
      answer(200),
    );
    const response = await answeringScheme()(layer(tokenScheme()(next)))(URL_A);
    expect(lines(exchangesOf(response))).toEqual([
      "200 POST https://idp.test/token",
      "401 GET https://a.test/x",
      "200 POST https://idp.test/token",
      "200 GET https://a.test/x",
    ]);
    expect(lines(historyOf(response))).toEqual(["401 GET https://a.test/x"]);
  });

  it("mark an outer scheme's own request also where a runner behind a layer tells of it", async () => {
    const next = scripted(answer(200, { "x-issued": "t1" }), answer(200));
    const response = await tokenScheme()(layer(lookUpScheme({})(next)))(URL_A);
    expect(exchangesOf(response).map(({ side }) => side)).toEqual([true, false]);
    expect(historyOf(response)).toEqual([]);
  });

  it("give lists of their own: what a caller does to one changes no other", async () => {
    const response = await answeringScheme()(scripted(answer(401), answer(200)))(URL_A);
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
    const error = await failureOf(answeringScheme()(scripted(answer(401), lost))(URL_A));
    expect(error).toBe(lost);
    expect(lines(exchangesOf(error))).toEqual(["401 GET https://a.test/x", "failed GET https://a.test/x"]);
    expect(exchangesOf(error).at(-1)).toMatchObject({ error: lost, response: undefined });
  });

  it("an error of the runner's", async () => {
    const error = await failureOf(answeringScheme()(scripted(answer(401), moved("ftp://a.test/")))(URL_A));
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

describe("an error that ends several calls tells of none: the history of one call shows nothing of another's", () => {
  const URL_B = "https://b.test/y";

  /** A fetch that answers nobody, and rejects as fetch does when its signal aborts. */
  const pending: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
    });

  it.each([
    { around: "one runner", wrap: (scheme: Scheme) => scheme(pending) },
    { around: "two with a layer between them", wrap: (scheme: Scheme) => scheme(layer(headerScheme()(pending))) },
  ])("the reason of a signal that two calls share, in $around; onExchange still sees each", async ({ wrap }) => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const { signal } = controller;
    const seen: Exchange[] = [];
    const observed = runFlow(basicScheme(), wrap(basicScheme()), { onExchange: (exchange) => seen.push(exchange) });
    const calls = [failureOf(observed(URL_A, { signal })), failureOf(observed(URL_B, { signal }))];

    await settled();
    controller.abort(reason);

    expect(await Promise.all(calls)).toEqual([reason, reason]);
    expect(exchangesOf(reason)).toEqual([]);
    await settled(); // until what was under way has ended, too
    expect(exchangesOf(reason)).toEqual([]);
    expect(lines(seen)).toEqual([`failed GET ${URL_A}`, `failed GET ${URL_B}`]);
  });

  it("the reason of a signal, where one of the calls had sent nothing yet", async () => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const { signal } = controller;
    const waits = defineScheme({
      name: "waits",
      async *authFlow(request, context) {
        await waitFor(new Promise(() => {}), context);
        yield request;
      },
    });
    const calls = [failureOf(basicScheme()(pending)(URL_A, { signal })), failureOf(waits(pending)(URL_B, { signal }))];

    controller.abort(reason);

    expect(await Promise.all(calls)).toEqual([reason, reason]);
    expect(exchangesOf(reason)).toEqual([]);
  });

  it("the failure of work that calls share", async () => {
    const down = new TypeError("fetch failed");
    const shared = singleFlight();
    const renewing = defineScheme({
      name: "renewing",
      async *authFlow(request, { send }) {
        yield request;
        await shared("token", () => send(new Request("https://idp.test/token")));
      },
    });
    const next = scripted(answer(401), answer(401), down);
    const calls = [failureOf(renewing(next)(URL_A)), failureOf(renewing(next)(URL_B))];

    expect(await Promise.all(calls)).toEqual([down, down]);
    expect(exchangesOf(down)).toEqual([]);
  });

  it("but what a transport throws each time tells of the latest call, which has thrown it", async () => {
    const down = new TypeError("fetch failed");
    for (const url of [URL_A, URL_B]) {
      expect(await failureOf(basicScheme()(scripted(down))(url))).toBe(down);
      expect(lines(exchangesOf(down))).toEqual([`failed GET ${url}`]);
    }
  });

  it("and one call behind a layer is one: its error tells of both runners", async () => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const next = layer(
      tokenScheme()((input, init) =>
        new Request(input).url.includes("idp") ? Promise.resolve(answer(200)) : pending(input, init),
      ),
    );
    const call = failureOf(basicScheme()(next)(URL_A, { signal: controller.signal }));

    await settled();
    controller.abort(reason);
    expect(await call).toBe(reason);
    await settled();
    expect(lines(exchangesOf(reason))).toEqual(["200 POST https://idp.test/token", `failed GET ${URL_A}`]);
  });
});
