import { describe, expect, it } from "vitest";
import { basicScheme, cookieScheme, headerScheme, lookUpScheme, queryScheme, SECRETS } from "../fixtures/schemes.ts";
import { scripted } from "../fixtures/scripted.ts";
import { openSite } from "../fixtures/site.ts";
import { defineScheme, historyOf, runFlow } from "../index.ts";

type Fetcher = typeof fetch;
const copy = (next: Fetcher): Fetcher => Object.assign<Fetcher, Fetcher>((i, o) => next(i, { ...o }), next);

/** A fetch that answers with what it was sent, as `name: value` lines. */
const echo: Fetcher = async (input, init) => {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}));
  return new Response([...headers].map(([name, value]) => `${name}: ${value}`).join("\n"));
};
const sent = async (fetcher: Fetcher, init?: RequestInit): Promise<string> =>
  (await fetcher("https://a.test/", init)).text();

describe("wrapping a fetch that is wrapped makes one runner for both", () => {
  it("runs each flow once, the outer one first, over one and the same fetch", async () => {
    const order: string[] = [];
    const noting = (name: string): ReturnType<typeof defineScheme> =>
      defineScheme({
        name,
        *authFlow(request) {
          order.push(`${name} sends`);
          yield request;
          order.push(`${name} has the response`);
        },
      });
    await noting("outer")(noting("inner")(echo))("https://a.test/");
    expect(order).toEqual(["outer sends", "inner sends", "inner has the response", "outer has the response"]);
  });

  it("keeps one history for both", async () => {
    const again = defineScheme({
      name: "again",
      *authFlow(request) {
        yield request;
        yield request;
      },
    });
    const response = await again(again(echo))("https://a.test/");
    expect(historyOf(response)).toHaveLength(3);
  });

  it("takes the brand of a copied function for what it is: another function, with the wrapped one inside", async () => {
    let passed = 0;
    const wrapped = headerScheme()(echo);
    const copied = Object.assign((...call: Parameters<Fetcher>) => {
      passed++;
      return wrapped(...call);
    }, wrapped);
    for (const symbol of Object.getOwnPropertySymbols(wrapped)) {
      Reflect.defineProperty(copied, symbol, Object.getOwnPropertyDescriptor(wrapped, symbol) ?? {});
    }
    expect(await sent(basicScheme()(copied))).toContain("x-api-key");
    expect(passed, "the layer in between is not left out").toBe(1);
  });

  it("leaves a wrapped fetch as it was, for others to wrap", async () => {
    const inner = headerScheme()(echo);
    basicScheme()(inner);
    cookieScheme()(inner);
    expect(await sent(inner)).toBe(`x-api-key: ${SECRETS.header}`);
  });

  it("gives the members of the fetch inside, getters too, and its name", () => {
    const next = Object.defineProperty(
      Object.assign(async () => new Response(), { preconnect: () => "connected" }),
      "computed",
      { get: () => 42, enumerable: true },
    );
    const wrapped = basicScheme()(next);
    expect(wrapped.preconnect()).toBe("connected");
    expect(wrapped).toHaveProperty("computed", 42);
    expect(wrapped.name).toBe(next.name);
  });
});

describe("an inner scheme never replaces a header that an outer scheme of the same call set", () => {
  const outer = basicScheme("outerToken");
  const inner = basicScheme("innerToken");

  it("side by side", async () => {
    expect(await sent(outer(inner(echo)))).toBe("authorization: Basic outerToken");
  });

  it("nor does a third one, further inside", async () => {
    expect(await sent(outer(headerScheme()(inner(echo))))).toContain("authorization: Basic outerToken");
  });

  it("nor takes it off", async () => {
    const remover = defineScheme({
      name: "remover",
      *authFlow(request) {
        request.headers.delete("authorization");
        yield request;
      },
    });
    expect(await sent(outer(remover(echo)))).toBe("authorization: Basic outerToken");
  });

  it("nor by a Request of its own making for the same URL", async () => {
    const fresh = defineScheme({
      name: "fresh",
      *authFlow(request) {
        yield new Request(request.url, { headers: { authorization: "Basic innerToken" } });
      },
    });
    expect(await sent(outer(fresh(echo)))).toBe("authorization: Basic outerToken");
  });

  it("but both set headers of their own, and an inner one replaces the caller's", async () => {
    expect(await sent(outer(headerScheme()(echo)))).toBe(
      `authorization: Basic outerToken\nx-api-key: ${SECRETS.header}`,
    );
    expect(await sent(headerScheme()(inner(echo)), { headers: { authorization: "Bearer caller" } })).toContain(
      "authorization: Basic innerToken",
    );
  });

  it("and an outer flow that answers a challenge finds its header untouched, not the inner one's", async () => {
    const seen: (string | null)[] = [];
    const watching = defineScheme({
      name: "watching",
      *authFlow(request) {
        yield request;
        seen.push(request.headers.get("authorization"), request.headers.get("x-api-key"));
        request.headers.set("authorization", "Basic outerToken");
        yield request;
      },
    });
    const answered = await watching(headerScheme()(inner(echo)))("https://a.test/");
    expect(seen).toEqual([null, null]);
    expect(await answered.text()).toBe(`authorization: Basic outerToken\nx-api-key: ${SECRETS.header}`);
  });

  it("and credentials found in the surroundings replace none at all", async () => {
    const found = lookUpScheme({ "a.test": { login: "found", password: "pw" } });
    expect(await sent(found(echo), { headers: { authorization: "Bearer caller" } })).toBe(
      "authorization: Bearer caller",
    );
    expect(await sent(outer(found(echo)))).toBe("authorization: Basic outerToken");
  });
});

describe("the mark `authflow` in init", () => {
  const all = (next: Fetcher): Fetcher => basicScheme()(copy(headerScheme()(copy(queryScheme()(next)))));

  it("with `off` keeps every scheme of every wrapper silent, those behind a layer too", async () => {
    const site = await openSite();
    await all(fetch)(`${site.origin}/`, { authflow: { origin: site.origin, off: true } } as RequestInit);
    expect(site.last.target).toBe("/");
    expect(site.last.headers).not.toHaveProperty("authorization");
    expect(site.last.headers).not.toHaveProperty("x-api-key");
  });

  it("with `off` holds after a redirect, for schemes that look up the origin, too", async () => {
    const [home, away] = [await openSite(), await openSite()];
    home.redirect("/", `${away.origin}/end`);
    const found = lookUpScheme({ "127.0.0.1": { login: "found" } });
    await copy(found(copy(found(fetch))))(`${home.origin}/`, {
      authflow: { origin: home.origin, off: true },
    } as RequestInit);
    expect(home.last.headers).not.toHaveProperty("authorization");
    expect(away.last.headers).not.toHaveProperty("authorization");
  });

  it("only narrows: of another origin, or of a chain that has left, nothing is sent", async () => {
    for (const authflow of [{ origin: "https://b.test" }, { origin: "https://a.test", left: true }]) {
      expect(await sent(all(echo), { authflow } as RequestInit)).toBe("");
    }
  });

  it("only narrows: a call that begins elsewhere has left, and stays without on its return", async () => {
    const moved = new Response(null, { status: 302, headers: { location: "https://a.test/" } });
    const next = scripted(moved, new Response());
    // The scheme that looks up keeps the runner at work at b.test, so that it is the one that follows.
    const both = headerScheme()(lookUpScheme({})(next));
    await both("https://b.test/", { authflow: { origin: "https://a.test" } } as RequestInit);
    expect(next.requests.map(({ url, headers }) => [url, headers.get("x-api-key")])).toEqual([
      ["https://b.test/", null],
      ["https://a.test/", null],
    ]);
  });

  it("only narrows: a chain that went over https sends looked-up credentials over plain http no more", async () => {
    const found = lookUpScheme({ "a.test": { login: "found" } })(echo);
    const send = async (authflow: object): Promise<string> =>
      (await found("http://a.test/", { authflow } as RequestInit)).text();
    expect(await send({ origin: "http://a.test" })).toContain("authorization");
    expect(await send({ origin: "http://a.test", secure: true })).toBe("");
    expect(await send({ origin: "https://a.test" })).toBe("");
  });

  it.each([null, undefined])("is none where it is %j", async (authflow) => {
    expect(await sent(headerScheme()(echo), { authflow } as RequestInit)).toBe(`x-api-key: ${SECRETS.header}`);
  });

  it.each([1, "https://b.test", {}, { left: false }, { origin: 1 }])(
    "lets no credentials out where it can't be read: %j",
    async (authflow) => {
      expect(await sent(headerScheme()(echo), { authflow } as RequestInit)).toBe("");
    },
  );

  it("may name the origin of this hop: schemes that were chosen for it act there, and those further inside don't", async () => {
    const next = scripted(new Response(), new Response());
    const both = basicScheme()(copy(headerScheme()(next)));
    for (const here of ["https://b.test", "https://c.test"]) {
      await both("https://b.test/", { authflow: { origin: "https://a.test", left: true, here } } as RequestInit);
    }
    expect(next.requests.map(({ headers }) => headers.has("authorization"))).toEqual([true, false]);
    expect(next.requests.map(({ headers }) => headers.has("x-api-key"))).toEqual([false, false]);
  });

  it("narrows as before where a layer has copied it", async () => {
    const copying = (next: typeof fetch) => (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
      next(input, { ...init, authflow: { ...(init as { authflow: object }).authflow } } as RequestInit);
    const next = scripted(
      new Response(null, { status: 302, headers: { location: "https://b.test/" } }),
      new Response(),
    );
    await headerScheme()(copying(headerScheme()(next)))("https://a.test/");
    expect(next.requests.map(({ url, headers }) => [url, headers.has("x-api-key")])).toEqual([
      ["https://a.test/", true],
      ["https://b.test/", false],
    ]);
  });
});

describe("what can't be wrapped, or not so, is refused at once", () => {
  it.each([undefined, null, {}, "fetch"])("%j is no fetch", (next) => {
    expect(() => basicScheme()(next as Fetcher)).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });

  it.each([{ replayLimit: -1 }, { replayLimit: Number.NaN }, { contentLimit: -1 }, { onExchange: "log" }])(
    "%j is no option",
    (options) => {
      expect(() => runFlow(basicScheme(), echo, options as object)).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
      );
    },
  );

  it("an origin that is none", () => {
    expect(() => basicScheme("x", ["api.example.com"])).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });
});

describe("`origins`: elsewhere the scheme sends nothing and answers nothing", () => {
  it.each([
    ["https://a.test", true],
    ["HTTPS://A.TEST:443/", true],
    ["https://a.test:8443", false],
    ["http://a.test", false],
    ["https://sub.a.test", false],
  ])("bound to %s, it acts at https://a.test: %s", async (origin, acts) => {
    expect(await sent(basicScheme("t", [origin])(echo))).toBe(acts ? "authorization: Basic t" : "");
  });

  it("holds for a scheme that looks up each origin", async () => {
    const entries = { "a.test": { login: "found" } };
    expect(await sent(lookUpScheme(entries, ["https://a.test"])(echo))).toContain("authorization");
    expect(await sent(lookUpScheme(entries, ["https://b.test"])(echo))).toBe("");
  });
});
