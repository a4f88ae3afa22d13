import { afterEach, describe, expect, it, vi } from "vitest";
import { basicScheme, headerScheme, queryScheme, SECRETS } from "../fixtures/schemes.ts";
import { openSite } from "../fixtures/site.ts";
import { defineScheme } from "../index.ts";

type Call = readonly [input: unknown, init: Record<string, unknown>, ...rest: unknown[]];

/** A fetch that keeps what it was called with, and answers 401 to the first call if there is to be a second. */
const spy = (statuses: readonly number[] = [200]): { calls: Call[]; responses: Response[]; next: typeof fetch } => {
  const calls: Call[] = [];
  const responses: Response[] = [];
  const next: typeof fetch = async (...call: readonly unknown[]): Promise<Response> => {
    const response = new Response(null, { status: statuses[calls.length] ?? 200 });
    calls.push(call as unknown as Call);
    responses.push(response);
    return response;
  };
  return { calls, responses, next };
};

/** Answers any 401, once. */
const answering = defineScheme({
  name: "answering",
  *authFlow(request) {
    const response = yield request;
    if (response.status !== 401) return;
    request.headers.set("authorization", "Answer yes");
    yield request;
  },
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the caller's shape is kept (promise 4)", () => {
  it.each([
    ["a string", "https://a.test/x?y#z"],
    ["a URL", new URL("https://a.test/x?y#z")],
    ["an object that stands for a URL", { toString: (): string => "https://a.test/x?y#z" }],
  ])("%s in, `next(string, init)` out, at each step", async (_, input) => {
    const { calls, next } = spy([401, 200]);
    await answering(next)(input as string);
    expect(calls.map(([sent]) => sent)).toEqual(["https://a.test/x?y#z", "https://a.test/x?y#z"]);
    expect(new Headers(calls[1]?.[1]["headers"] as HeadersInit).get("authorization")).toBe("Answer yes");
  });

  it("a Request in, a Request out, another object at each step", async () => {
    const { calls, next } = spy([401, 200]);
    const request = new Request("https://a.test/x", { headers: { "x-own": "1" } });
    await answering(next)(request);
    const [first, second] = calls.map(([sent]) => sent as Request);
    expect(first).toBeInstanceOf(Request);
    expect(new Set([request, first, second]).size).toBe(3);
    expect([first?.headers.get("x-own"), first?.headers.get("authorization")]).toEqual(["1", null]);
    expect([second?.headers.get("x-own"), second?.headers.get("authorization")]).toEqual(["1", "Answer yes"]);
    expect(request.headers.has("authorization")).toBe(false);
  });

  it("a Request and an init in: init says what it says, as for fetch", async () => {
    const { calls, next } = spy();
    const request = new Request("https://a.test/", { method: "PUT", headers: { "x-own": "1", "x-lost": "2" } });
    await basicScheme()(next)(request, { method: "DELETE", headers: { "x-own": "3" } });
    const [[sent] = []] = calls;
    const { method, headers } = sent as Request;
    expect([method, Object.fromEntries(headers)]).toEqual([
      "DELETE",
      { authorization: `Basic ${SECRETS.basic}`, "x-own": "3" },
    ]);
  });

  it("a Request of a subclass in, one of that class out", async () => {
    class Traced extends Request {
      readonly trace = "kept by its constructor";
    }
    const { calls, next } = spy();
    await basicScheme()(next)(new Traced("https://a.test/"));
    expect(calls[0]?.[0]).toBeInstanceOf(Traced);
    expect(calls[0]?.[0]).toHaveProperty("trace", "kept by its constructor");
  });

  it("a Request keeps credentials, cache, mode, integrity, keepalive, referrer and referrerPolicy", async () => {
    const { calls, next } = spy([401, 200]);
    const init = {
      credentials: "include",
      cache: "no-store",
      mode: "same-origin",
      integrity: "sha256-abc",
      keepalive: true,
      referrer: "https://a.test/from",
      referrerPolicy: "origin",
    } as const;
    await answering(next)(new Request("https://a.test/", init));
    for (const [sent] of calls) {
      const { credentials, cache, mode, integrity, keepalive, referrer, referrerPolicy } = sent as Request;
      const kept = { credentials, cache, mode, integrity, keepalive, referrer, referrerPolicy };
      expect(kept).toEqual({ ...init, referrer: kept.referrer }); // Node knows no referrer beyond its own origin
    }
  });

  it("the Response that comes back is the very object that next gave, and has nothing new on it", async () => {
    const { responses, next } = spy([401, 200]);
    const response = await headerScheme()(answering(next))("https://a.test/");
    expect(response).toBe(responses[1]);
    expect(Reflect.ownKeys(response)).toEqual(Reflect.ownKeys(new Response()));
  });

  it.each(["GET", "get", "Post", "patch", "pATCH", "PATCH", "delete", "QUERY", "Propfind"])(
    "the method %s goes out as the caller wrote it",
    async (method) => {
      const { calls, next } = spy([401, 200]);
      await answering(next)("https://a.test/", { method });
      expect(calls.map(([, init]) => init["method"])).toEqual([method, method]);
    },
  );

  it("on the wire each method is what fetch itself makes of it", async () => {
    const site = await openSite();
    for (const method of ["get", "Post", "patch", "PATCH", "delete", "QUERY"]) {
      await fetch(`${site.origin}/`, { method });
      const native = site.last.method;
      await basicScheme()(fetch)(`${site.origin}/`, { method });
      await basicScheme()(fetch)(new Request(`${site.origin}/`, { method }));
      expect([method, ...site.visits.slice(-2).map((visit) => visit.method)]).toEqual([method, native, native]);
    }
  });

  it("no method is written where the caller wrote none", async () => {
    const { calls, next } = spy();
    await basicScheme()(next)("https://a.test/");
    expect(calls[0]?.[1]).not.toHaveProperty("method");
  });

  it("a method that the flow changes goes out as the flow's", async () => {
    const { calls, next } = spy();
    const overriding = defineScheme({
      name: "overriding",
      *authFlow(request) {
        yield new Request(request, { method: "PUT" });
      },
    });
    await overriding(next)("https://a.test/", { method: "Post" });
    expect(calls[0]?.[1]["method"]).toBe("PUT");
  });
});

describe("nothing of the caller's is changed (promise 3)", () => {
  it("a frozen init with frozen headers is as good as any", async () => {
    const { calls, next } = spy([401, 200]);
    const init = Object.freeze({ method: "POST", body: "text", headers: Object.freeze({ "X-Own": "1" }) });
    await answering(next)("https://a.test/", init);
    expect(calls).toHaveLength(2);
    expect(init).toEqual({ method: "POST", body: "text", headers: { "X-Own": "1" } });
  });

  it.each([
    ["a plain object", () => ({ "X-Own": "1" })],
    ["Headers", () => new Headers({ "x-own": "1" })],
    ["pairs", () => [["X-Own", "1"]] as [string, string][]],
  ])("headers given as %s stay as they were", async (_, make) => {
    const [headers, before] = [make(), make()];
    const init = { headers, redirect: "follow" } as const;
    const { calls, next } = spy([401, 200]);
    await headerScheme()(answering(next))("https://a.test/", init);
    expect(init).toEqual({ headers: before, redirect: "follow" });
    expect(init.headers).toBe(headers);
    for (const [, sent] of calls) expect(new Headers(sent["headers"] as HeadersInit).get("x-own")).toBe("1");
  });

  it("a Request stays as it was, but for its body, which is used as fetch uses it", async () => {
    const site = await openSite();
    const request = new Request(`${site.origin}/x?y=1`, { method: "POST", body: "text", headers: { "x-own": "1" } });
    await queryScheme()(basicScheme()(fetch))(request);
    expect([request.url, [...request.headers.keys()], request.bodyUsed]).toEqual([
      `${site.origin}/x?y=1`,
      ["content-type", "x-own"],
      true,
    ]);
    await expect(basicScheme()(fetch)(request)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INVALID_BODY" });
    const without = new Request(`${site.origin}/`);
    await basicScheme()(fetch)(without);
    await basicScheme()(fetch)(without);
    expect(without.bodyUsed).toBe(false);
  });

  it("what the fetch inside does to its init or its Request does no harm to the next step", async () => {
    const calls: string[] = [];
    const vandal = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
      const headers = input instanceof Request ? input.headers : (init.headers as Headers);
      calls.push([...headers.keys()].join());
      headers.delete("x-own");
      headers.set("x-vandal", "1");
      return new Response(null, { status: calls.length % 2 === 1 ? 401 : 200 });
    };
    for (const input of ["https://a.test/", new Request("https://a.test/", { headers: { "x-own": "1" } })]) {
      await answering(vandal as typeof fetch)(input, typeof input === "string" ? { headers: { "x-own": "1" } } : {});
    }
    expect(calls).toEqual(["x-own", "authorization,x-own", "x-own", "authorization,x-own"]);
  });

  it("unknown members of init reach next at every step, as the very objects", async () => {
    const { calls, next } = spy([401, 200]);
    const own = { dispatcher: {}, next: { revalidate: 1 }, cf: {}, agent: {}, [Symbol.for("x")]: {} };
    for (const input of ["https://a.test/", new Request("https://a.test/")]) {
      calls.length = 0;
      await answering(next)(input, own as RequestInit);
      expect(calls).toHaveLength(2);
      for (const [, init] of calls) {
        for (const name of ["dispatcher", "next", "cf", "agent"] as const) expect(init[name]).toBe(own[name]);
      }
    }
  });

  it("further arguments reach next at every step", async () => {
    const { calls, next } = spy([401, 200]);
    const authFetch = answering(next) as unknown as (...call: readonly unknown[]) => Promise<Response>;
    const third = { third: true };
    await authFetch("https://a.test/", undefined, third, 4);
    await authFetch(new Request("https://a.test/"), {}, third, 4);
    expect(calls.map(([, , ...rest]) => rest)).toEqual([
      [third, 4],
      [third, 4],
      [third, 4],
    ]);
  });

  it("the signal goes to next's init, also where the caller's Request has it", async () => {
    const { calls, next } = spy();
    const { signal } = new AbortController();
    await basicScheme()(next)("https://a.test/", { signal });
    expect(calls[0]?.[1]["signal"]).toBe(signal);
    const request = new Request("https://a.test/", { signal });
    await basicScheme()(next)(request);
    expect(calls[1]?.[1]["signal"]).toBe(request.signal);
  });
});

describe("URLs", () => {
  it.each(["data:text/plain,hi", `blob:nodedata:${crypto.randomUUID()}`, "about:blank", "file:///x", "ftp://a.test/x"])(
    "%s passes through as it is: no scheme has to do with it",
    async (url) => {
      const { calls, next } = spy();
      const init = { headers: { "x-own": "1" } };
      await basicScheme()(next)(url, init);
      expect(calls).toEqual([[url, init]]);
      expect(calls[0]?.[1]).toBe(init);
    },
  );

  it("data: and blob: are read by the platform's fetch", async () => {
    expect(await (await basicScheme()(fetch)("data:,hi")).text()).toBe("hi");
    const url = URL.createObjectURL(new Blob(["from a blob"]));
    expect(await (await basicScheme()(fetch)(url)).text()).toBe("from a blob");
    URL.revokeObjectURL(url);
  });

  it("a relative URL passes through where the runtime has no location", async () => {
    const { calls, next } = spy();
    await basicScheme()(next)("/x");
    expect(calls).toEqual([["/x", undefined]]);
    await expect(basicScheme()(fetch)("/x")).rejects.toThrow(TypeError);
  });

  it("a relative URL is resolved for the check of its origin, and passed on as given", async () => {
    vi.stubGlobal("location", new URL("https://a.test/dir/page"));
    const { calls, next } = spy();
    await basicScheme("t", ["https://a.test"])(next)("x?y");
    const [[input, init] = []] = calls;
    expect([input, new Headers(init?.["headers"] as HeadersInit).get("authorization")]).toEqual(["x?y", "Basic t"]);
    await basicScheme("t", ["https://b.test"])(next)("x?y");
    expect(calls[1]).toEqual(["x?y", undefined]);
  });

  it("user and password are taken off a URL, which fetch refuses, and the user is told to the flow", async () => {
    const users: (string | undefined)[] = [];
    const asking = defineScheme({
      name: "asking",
      *authFlow(request, { user }) {
        users.push(user);
        yield request;
      },
    });
    const { calls, next } = spy();
    for (const url of [
      "https://us%40er:p%3A%25@a.test/x#f",
      "https://a.test/",
      "https://@a.test/",
      "https://:p@a.test/",
    ]) {
      await asking(next)(url);
    }
    await asking(next)(new URL("https://user@a.test/"));
    expect(users).toEqual(["us@er", undefined, undefined, undefined, "user"]);
    expect(calls.map(([input]) => input)).toEqual([
      "https://a.test/x#f",
      "https://a.test/",
      "https://@a.test/",
      "https://a.test/",
      "https://a.test/",
    ]);
  });

  it("user and password are taken off also where no scheme may act", async () => {
    const { calls, next } = spy();
    await basicScheme("t", ["https://b.test"])(next)("https://user:pw@a.test/");
    expect(calls[0]?.[0]).toBe("https://a.test/");
  });
});
