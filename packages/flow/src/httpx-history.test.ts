import { inspect } from "node:util";
import { describe, expect } from "vitest";
import { conformance, Coverage } from "./fixtures/conformance.ts";
import { failureOf } from "./fixtures/failure.ts";
import { basicScheme, headerScheme } from "./fixtures/schemes.ts";
import { scripted } from "./fixtures/scripted.ts";
import { defineScheme, exchangesOf, historyOf } from "./index.ts";

const { cases } = conformance("httpx-behaviours") as { cases: readonly { id: string; area: string }[] };
const coverageOf = (wanted: string): Coverage =>
  new Coverage(cases.filter(({ area }) => area === wanted).map(({ id }) => id));
const status = (code: number, headers: HeadersInit = {}): Response => new Response("body", { status: code, headers });

/** HTTPX's own test of order: two requests that collect challenges, then one that sends both. */
const repeating = defineScheme({
  name: "repeating",
  requiresRequestBody: true,
  *authFlow(request) {
    const nonces: (string | null)[] = [];
    for (const index of [0, 1]) {
      request.headers.set("authorization", `Repeat ${index}`);
      const response = yield request;
      nonces.push(response.headers.get("www-authenticate"));
    }
    request.headers.set("authorization", `Repeat ${nonces.join(".")}`);
    yield request;
  },
});

describe("HTTPX's history (conformance/httpx-behaviours.json)", () => {
  const httpx = coverageOf("history");

  httpx.spec("history-order", "each response knows what came before it: [r0, r1], [r0], []", async () => {
    const challenge = { "www-authenticate": "abc" };
    const responses = [status(401, challenge), status(401, challenge), status(200)] as const;
    const next = scripted(...responses);
    const response = await repeating(next)("https://example.org/");
    expect(response.status).toBe(200);
    expect(next.requests.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Repeat 0",
      "Repeat 1",
      "Repeat abc.abc",
    ]);
    const [r0, r1] = exchangesOf(response);
    expect(historyOf(responses[2])).toEqual([r0, r1]);
    expect(historyOf(responses[1])).toEqual([r0]);
    expect(historyOf(responses[0])).toEqual([]);
  });

  httpx.spec("history-subrequest", "better: a token response is not in the history of the API's response", async () => {
    const scheme = defineScheme({
      name: "fetching a token",
      *authFlow(request) {
        yield new Request("https://idp.test/token", { method: "POST" });
        yield request;
      },
    });
    const response = await scheme(scripted(status(200), status(200)))("https://example.org/");
    expect(historyOf(response)).toEqual([]);
    expect(exchangesOf(response).map(({ side, request }) => [side, request.url])).toEqual([
      [true, "https://idp.test/token"],
      [false, "https://example.org/"],
    ]);
  });

  httpx.spec(
    "history-request-mutated",
    "better: the first attempt is shown without the later Authorization",
    async () => {
      const scheme = defineScheme({
        name: "answering",
        *authFlow(request) {
          yield request;
          request.headers.set("authorization", "Digest answer");
          yield request;
        },
      });
      const response = await scheme(scripted(status(401), status(200)))("https://example.org/");
      const [first, second] = exchangesOf(response);
      expect(first?.request.headers.has("authorization")).toBe(false);
      expect(second?.request.headers.get("authorization")).toBe("Digest [redacted]");
    },
  );

  httpx.spec(
    "history-body-read",
    "the response in between is read to its end, its exchange keeps no body",
    async () => {
      const first = status(401);
      const scheme = defineScheme({
        name: "again",
        *authFlow(request) {
          yield request;
          yield request;
        },
      });
      const response = await scheme(scripted(first, status(200)))("https://example.org/");
      expect([first.bodyUsed, response.bodyUsed]).toEqual([true, false]);
      expect(Object.keys(historyOf(response)[0]?.response ?? {})).toEqual(["status", "headers"]);
    },
  );

  httpx.complete();
});

describe("HTTPX's redaction (conformance/httpx-behaviours.json)", () => {
  const httpx = coverageOf("redaction");
  const URL_WITH_USER = "http://example-username:example-password@example.org/";

  httpx.spec("redact-url", "exchanges and errors show a URL without user and password", async () => {
    const scheme = headerScheme();
    const response = await scheme(scripted(status(200)))(URL_WITH_USER);
    expect(exchangesOf(response)[0]?.request.url).toBe("http://example.org/");
    const moved = status(302, { location: "ftp://example.org/" });
    const error = await failureOf(scheme(scripted(moved))(URL_WITH_USER));
    expect(error).toMatchObject({ url: "http://example.org/" });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/example-(username|password)/);
  });

  httpx.spec("redact-headers", "Authorization of a request reads redacted, and not in JSON either", async () => {
    const token = btoa("example-username:example-password");
    const [exchange] = exchangesOf(await basicScheme(token)(scripted(status(200)))("http://example.org/"));
    expect(exchange?.request.headers.get("authorization")).toBe("Basic [redacted]");
    for (const text of [inspect(exchange), JSON.stringify(exchange)]) expect(text).not.toContain(token);
    expect(JSON.stringify(exchange)).toContain('["authorization","Basic [redacted]"]');
  });

  httpx.spec("redact-proxy-authorization", "both names are redacted, other headers are shown", async () => {
    for (const name of ["authorization", "proxy-authorization"]) {
      const headers = { [name]: "s3kr3t", accept: "text/plain" };
      const [exchange] = exchangesOf(await headerScheme()(scripted(status(200)))("http://example.org/", { headers }));
      expect(exchange?.request.headers.get(name)).toBe("[redacted]");
      expect(exchange?.request.headers.get("accept")).toBe("text/plain");
    }
  });

  httpx.spec("redact-proxy", "a proxy's credentials are in the dispatcher, which no exchange keeps", async () => {
    const dispatcher = { proxy: "https://username:password@example.com" };
    const response = await headerScheme()(scripted(status(200)))("http://example.org/", { dispatcher } as RequestInit);
    const text = inspect(exchangesOf(response), { depth: Infinity, showHidden: true });
    expect(text + JSON.stringify(exchangesOf(response))).not.toContain("password");
  });

  httpx.complete();
});
