import { describe, expect, it } from "vitest";
import { answeringScheme, basicScheme, headerScheme, SECRETS } from "../fixtures/schemes.ts";
import { openSite } from "../fixtures/site.ts";
import { spy } from "../fixtures/spy.ts";
import { defineScheme } from "../index.ts";

describe("the caller's shape is kept (promise 4)", () => {
  it.each([
    ["a string", "https://a.test/x?y#z"],
    ["a URL", new URL("https://a.test/x?y#z")],
    ["an object that stands for a URL", { toString: (): string => "https://a.test/x?y#z" }],
  ])("%s in, `next(string, init)` out, at each step", async (_, input) => {
    const { calls, next } = spy([401, 200]);
    await answeringScheme()(next)(input as string);
    expect(calls.map(([sent]) => sent)).toEqual(["https://a.test/x?y#z", "https://a.test/x?y#z"]);
    expect(new Headers(calls[1]?.[1]["headers"] as HeadersInit).get("authorization")).toBe("Token t0ken");
  });

  it("a Request in, a Request out, another object at each step", async () => {
    const { calls, next } = spy([401, 200]);
    const request = new Request("https://a.test/x", { headers: { "x-own": "1" } });
    await answeringScheme()(next)(request);
    const [first, second] = calls.map(([sent]) => sent as Request);
    expect(first).toBeInstanceOf(Request);
    expect(new Set([request, first, second]).size).toBe(3);
    expect([first?.headers.get("x-own"), first?.headers.get("authorization")]).toEqual(["1", null]);
    expect([second?.headers.get("x-own"), second?.headers.get("authorization")]).toEqual(["1", "Token t0ken"]);
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
    await answeringScheme()(next)(new Request("https://a.test/", init));
    for (const [sent] of calls) {
      const { credentials, cache, mode, integrity, keepalive, referrer, referrerPolicy } = sent as Request;
      const kept = { credentials, cache, mode, integrity, keepalive, referrer, referrerPolicy };
      expect(kept).toEqual({ ...init, referrer: kept.referrer }); // Node knows no referrer beyond its own origin
    }
  });

  it("the Response that comes back is the very object that next gave, and has nothing new on it", async () => {
    const { responses, next } = spy([401, 200]);
    const response = await headerScheme()(answeringScheme()(next))("https://a.test/");
    expect(response).toBe(responses[1]);
    expect(Reflect.ownKeys(response)).toEqual(Reflect.ownKeys(new Response()));
  });

  it.each(["GET", "get", "Post", "patch", "pATCH", "PATCH", "delete", "QUERY", "Propfind"])(
    "the method %s goes out as the caller wrote it",
    async (method) => {
      const { calls, next } = spy([401, 200]);
      await answeringScheme()(next)("https://a.test/", { method });
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
