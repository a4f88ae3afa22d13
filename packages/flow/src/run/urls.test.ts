import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { basicScheme, headerScheme } from "../fixtures/schemes.ts";
import { openSite } from "../fixtures/site.ts";
import { spy } from "../fixtures/spy.ts";
import { defineScheme, type Exchange, exchangesOf, type Scheme } from "../index.ts";

/** What hands everything on, in an init of its own. */
const layer =
  (next: typeof fetch): typeof fetch =>
  (input, init) =>
    next(input, { ...init });

/** A scheme that remembers which users it was told. */
function askingForUser(scope: "call" | "origin"): { asking: Scheme; users: readonly (string | undefined)[] } {
  const users: (string | undefined)[] = [];
  const asking = defineScheme({
    name: "asking",
    scope,
    *authFlow(request, { user }) {
      users.push(user);
      yield request;
    },
  });
  return { asking, users };
}

afterEach(() => {
  vi.unstubAllGlobals();
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
    const { asking, users } = askingForUser("call");
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

  it("the user is told at each hop of the same origin, and at no other", async () => {
    const [home, away] = [await openSite(), await openSite()];
    home.redirect("/start", "/via").redirect("/via", `${away.origin}/end`);
    const { asking, users } = askingForUser("origin");
    await asking(fetch)(`http://user@127.0.0.1:${home.port}/start`);
    expect(users).toEqual(["user", "user", undefined]);
  });

  it("the user is told to a runner behind a layer as well, at each hop of the same origin, and at no other", async () => {
    const [home, away] = [await openSite(), await openSite()];
    home.redirect("/start", "/via").redirect("/via", `${away.origin}/end`);
    const { asking, users } = askingForUser("origin");
    const outer = headerScheme()(layer(asking(fetch)));
    const response = await outer(`http://us3rT0ken@127.0.0.1:${home.port}/start`);
    expect(users).toEqual(["us3rT0ken", "us3rT0ken", undefined]);
    // It may be a token: what is left of the call doesn't hold it.
    const exchanges = exchangesOf(response) as readonly (Exchange & { user?(): unknown })[];
    expect(exchanges.map((exchange) => exchange.user?.())).toEqual([undefined, undefined, undefined]);
    expect(inspect([response, exchanges], { showHidden: true, depth: Infinity })).not.toContain("us3rT0ken");
  });

  it("a scheme that may not act there passes on the user to whoever is inside, behind a layer too", async () => {
    const { asking, users } = askingForUser("call");
    const { calls, next } = spy();
    const outer = basicScheme("t", ["https://b.test"])(layer(asking(next)));
    await outer("https://user:pa55word@a.test/");
    await outer(new Request("https://a.test/"));
    expect(users).toEqual(["user", undefined]);
    expect(calls.map(([input]) => (input as Request).url ?? input)).toEqual(["https://a.test/", "https://a.test/"]);
    expect(inspect(calls, { showHidden: true, depth: Infinity })).not.toContain("pa55word");
  });

  it("user and password are taken off also where no scheme may act", async () => {
    const { calls, next } = spy();
    await basicScheme("t", ["https://b.test"])(next)("https://user:pw@a.test/");
    expect(calls[0]?.[0]).toBe("https://a.test/");
  });
});
