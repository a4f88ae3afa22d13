import { describe, expect, it } from "vitest";
import { answeringScheme, basicScheme, headerScheme, queryScheme } from "../fixtures/schemes.ts";
import { openSite } from "../fixtures/site.ts";
import { spy } from "../fixtures/spy.ts";

describe("nothing of the caller's is changed (promise 3)", () => {
  it("a frozen init with frozen headers is as good as any", async () => {
    const { calls, next } = spy([401, 200]);
    const init = Object.freeze({ method: "POST", body: "text", headers: Object.freeze({ "X-Own": "1" }) });
    await answeringScheme()(next)("https://a.test/", init);
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
    await headerScheme()(answeringScheme()(next))("https://a.test/", init);
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
      await answeringScheme()(vandal as typeof fetch)(
        input,
        typeof input === "string" ? { headers: { "x-own": "1" } } : {},
      );
    }
    expect(calls).toEqual(["x-own", "authorization,x-own", "x-own", "authorization,x-own"]);
  });

  it("unknown members of init reach next at every step, as the very objects", async () => {
    const { calls, next } = spy([401, 200]);
    const own = { dispatcher: {}, next: { revalidate: 1 }, cf: {}, agent: {}, [Symbol.for("x")]: {} };
    for (const input of ["https://a.test/", new Request("https://a.test/")]) {
      calls.length = 0;
      await answeringScheme()(next)(input, own as RequestInit);
      expect(calls).toHaveLength(2);
      for (const [, init] of calls) {
        for (const name of ["dispatcher", "next", "cf", "agent"] as const) expect(init[name]).toBe(own[name]);
      }
    }
  });

  it("further arguments reach next at every step", async () => {
    const { calls, next } = spy([401, 200]);
    const authFetch = answeringScheme()(next) as unknown as (...call: readonly unknown[]) => Promise<Response>;
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
