import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { failureOf } from "./fixtures/failure.ts";
import { scripted } from "./fixtures/scripted.ts";
import { AuthError, defineScheme, exchangesOf, historyOf, runFlow, type SyncFlow } from "./index.ts";

const PASSWORD = "pl4ntedPassw0rd";
const PLANTED = [
  "pl4ntedUser",
  PASSWORD,
  "pl4ntedKey",
  "pl4ntedPair",
  "pl4ntedCookie",
  "pl4ntedCaller",
  "pl4ntedQuery",
];

/** Plants a secret in every place that a scheme has. Like the schemes of this project, it keeps them in private fields. */
class Planted {
  readonly name = "planted";
  readonly #user = PLANTED[0];
  readonly #password = PASSWORD;

  *authFlow(request: Request): SyncFlow {
    const url = new URL(request.url);
    url.searchParams.set("pair", "pl4ntedPair");
    const derived = new Request(url, request);
    derived.headers.set("authorization", `Basic ${this.#user}:${this.#password}`);
    derived.headers.set("x-planted", "pl4ntedKey");
    derived.headers.set("cookie", "sid=pl4ntedCookie");
    const response = yield derived;
    if (response.status === 401) yield derived;
  }
}

const URL_A = "https://pl4ntedUser:pl4ntedPassw0rd@a.test/x?token=pl4ntedQuery";
const INIT: RequestInit = { headers: { "proxy-authorization": "Basic pl4ntedCaller" } };

/** Every text that a log, a debugger or a serialiser would make of a value. */
const texts = (value: unknown): string =>
  [
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
    inspect(value, { depth: Infinity, getters: true }),
    inspect(value),
    JSON.stringify(value) ?? "",
    String(value),
    value instanceof Error
      ? `${value.message}\n${value.stack}\n${JSON.stringify(value, Object.getOwnPropertyNames(value))}`
      : "",
  ].join("\n");

/** The planted secrets that a value shows. */
const shown = (value: unknown): readonly string[] => PLANTED.filter((secret) => texts(value).includes(secret));

const status = (code: number): Response => new Response("body", { status: code });

describe("no secret is shown by inspect, JSON or text (promise 11)", () => {
  it("the search finds a secret where there is one", () => {
    expect(shown({ deep: { deeper: [{ key: "pl4ntedKey" }] } })).toEqual(["pl4ntedKey"]);
    expect(shown(new Headers({ "x-planted": "pl4ntedKey" }))).toEqual(["pl4ntedKey"]);
  });

  it("of a scheme", () => {
    expect(shown(defineScheme(new Planted()))).toEqual([]);
  });

  it("of a wrapped fetch, and of one that is wrapped twice", async () => {
    const next: typeof fetch = async () => status(200);
    const authFetch = runFlow(new Planted(), runFlow(new Planted(), next));
    await authFetch(URL_A, INIT);
    expect(shown(authFetch)).toEqual([]);
  });

  it("of a wrapped fetch whose scheme keeps its secret in the open", () => {
    const open = {
      name: "open",
      key: "pl4ntedKey",
      *authFlow(request: Request): SyncFlow {
        yield request;
      },
    };
    expect(shown(runFlow(open, scripted()))).toEqual([]);
    expect(shown(defineScheme(open))).toEqual([]);
  });

  it("of a response, or of its clone", async () => {
    const response = await runFlow(new Planted(), scripted(status(401), status(200)))(URL_A, INIT);
    expect(shown(response)).toEqual([]);
    expect(shown(response.clone())).toEqual([]);
  });

  it("of a response after a redirect", async () => {
    const next = scripted(
      new Response(null, { status: 307, headers: { location: "https://b.test/?pair=pl4ntedPair" } }),
      status(200),
    );
    const response = await runFlow(new Planted(), next)(URL_A, INIT);
    expect(response.url).toBe("https://b.test/");
    expect(shown(response)).toEqual([]);
  });

  it("of the exchanges of a call, looked at before or after their getters were read", async () => {
    const next = scripted(status(401), status(200));
    const response = await runFlow(new Planted(), next)(URL_A, INIT);
    const exchanges = exchangesOf(response);
    expect(exchanges).toHaveLength(2);
    expect(shown(exchanges)).toEqual([]);
    for (const exchange of exchanges) {
      const { request } = exchange;
      expect(request.url).toBe("https://a.test/x?token=[redacted]&pair=[redacted]");
      expect(shown({ request, headers: [...request.headers], response: exchange.response })).toEqual([]);
    }
    expect(shown(exchanges)).toEqual([]);
    expect(shown(historyOf(response))).toEqual([]);
  });

  it("of what onExchange sees", async () => {
    const seen: unknown[] = [];
    const options = { onExchange: (exchange: unknown) => seen.push(texts(exchange)) };
    await runFlow(new Planted(), scripted(status(401), status(200)), options)(URL_A, INIT);
    expect(seen).toHaveLength(2);
    expect(shown(seen)).toEqual([]);
  });

  it("of what the fetch inside is told beside the request, the mark", async () => {
    const marks: unknown[] = [];
    const next: typeof fetch = async (_, init) => {
      marks.push((init as { authflow?: unknown }).authflow);
      return status(200);
    };
    await runFlow(new Planted(), next)(URL_A, INIT);
    expect(marks).toHaveLength(1);
    expect(shown(marks)).toEqual([]);
  });

  it.each([
    [
      "a redirect that can't be followed",
      [new Response(null, { status: 302, headers: { location: "ftp://a.test/" } })],
    ],
    [
      "a redirect loop",
      Array.from(
        { length: 21 },
        () => new Response(null, { status: 302, headers: { location: "/x?pair=pl4ntedPair" } }),
      ),
    ],
    ["a transport error", [new TypeError("fetch failed", { cause: new Error("ECONNRESET") })]],
    ["something that is no response", ["text" as unknown as Response]],
  ])("of the error for %s", async (_, answers) => {
    const error = await failureOf(runFlow(new Planted(), scripted(...answers))(URL_A, INIT));
    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).toEqual([]);
    expect(shown(exchangesOf(error))).toEqual([]);
    if (error instanceof AuthError && error.url !== undefined) {
      expect(error.url).toMatch(/^https:\/\/a\.test\/x\?(token=\[redacted\]&)?pair=\[redacted\]$/);
    }
  });

  it("of the error for a body that is gone, whose URL has no user, no fragment and no secret pair", async () => {
    const scheme = Object.assign(new Planted(), { sendsOnce: true });
    const init = { ...INIT, method: "POST", body: new Blob(["x"]).stream(), duplex: "half" } as const;
    const next: typeof fetch = async (_, sent) => {
      await new Response(sent?.body).arrayBuffer();
      return status(401);
    };
    const error = await failureOf(runFlow(scheme, next)(`${URL_A}#pl4ntedKey`, init));
    expect(error).toMatchObject({
      code: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE",
      url: "https://a.test/x?token=[redacted]",
    });
    expect(shown(error)).toEqual([]);
  });

  it.each([null, undefined, "pl4ntedKey", { name: "pl4ntedKey", key: "pl4ntedPair" }, { key: "pl4ntedKey" }])(
    "of the error for a scheme that is none, but for its name",
    (value) => {
      const thrown = (): unknown => {
        try {
          return defineScheme(value as unknown as Planted);
        } catch (error) {
          return error;
        }
      };
      const error = thrown();
      expect(error).toMatchObject({ code: "ERR_AUTHFLOW_INVALID_SCHEME" });
      const name = (value as { name?: string } | null | undefined)?.name;
      expect(shown(error).filter((secret) => secret !== name)).toEqual([]);
    },
  );
});

const streamOf = (bytes: Uint8Array): ReadableStream =>
  new ReadableStream({
    pull: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
  });

describe("a history is small: exchanges keep no bodies (promise 7)", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;

  it("has of a response its status and headers, of a request its method, URL and headers", async () => {
    const [exchange] = exchangesOf(await runFlow(new Planted(), scripted(status(200)))(URL_A));
    expect(Object.keys(exchange?.request ?? {})).toEqual(["method", "url", "headers"]);
    expect(Object.keys(exchange?.response ?? {})).toEqual(["status", "headers"]);
  });

  it("lets the bodies of requests and responses go while it is held itself", async () => {
    const weak: WeakRef<object>[] = [];
    const call = async (): Promise<readonly unknown[]> => {
      const responses = [401, 200].map((code) => {
        const bytes = new Uint8Array(1024);
        const response = new Response(streamOf(bytes), { status: code });
        weak.push(new WeakRef(bytes), new WeakRef(response));
        return response;
      });
      const upload = new Uint8Array(1024);
      weak.push(new WeakRef(upload));
      let sent = 0;
      const next: typeof fetch = async () => responses[sent++] ?? Response.error();
      const response = await runFlow(new Planted(), next)("https://a.test/", { method: "POST", body: upload });
      await response.arrayBuffer();
      responses.length = 0;
      return exchangesOf(response);
    };
    const exchanges = await call();
    for (let turn = 0; turn < 20 && weak.some((ref) => ref.deref()); turn++) {
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      collect();
    }
    expect(weak.filter((ref) => ref.deref())).toEqual([]);
    expect(exchanges).toHaveLength(2);
  });
});
