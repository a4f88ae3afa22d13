import { walk } from "@authflow/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerIn, asks } from "./fixtures/messages.ts";
import { digest } from "./index.ts";
import { covers } from "./protection-space.ts";

const USER = { username: "user", password: "password123" };

/** Answers a challenge at a URL, then calls others; tells which of those were answered unasked. */
async function unasked(domain: string | undefined, first: string, ...others: readonly string[]): Promise<boolean[]> {
  const scheme = digest(USER);
  await walk(
    scheme,
    new Request(first),
    asks("n1", `qop=auth${domain === undefined ? "" : `, domain="${domain}"`}`),
    new Response(),
  );
  const all: boolean[] = [];
  for (const url of others) {
    const { requests } = await walk(scheme, new Request(url), new Response());
    all.push(answerIn(requests[0]) !== undefined);
  }
  return all;
}

describe("the protection space of a challenge (RFC 7616 §3.3, domain)", () => {
  it.each([undefined, "", " "])("is all of the origin without a domain (%j)", async (domain) => {
    expect(
      await unasked(domain, "https://a.test/x/y", "https://a.test/", "https://a.test/z?q", "https://b.test/x/y"),
    ).toEqual([true, true, false]);
  });

  it("is what begins with one of the URIs of the domain, by whole segments", async () => {
    const urls = ["/api", "/api/", "/api/x/y", "/api?q", "/admin/x", "/apis", "/", "/public", "/API", "/x/api"];
    expect(
      await unasked("/api /admin", "https://a.test/api/x", ...urls.map((path) => `https://a.test${path}`)),
    ).toEqual([true, true, true, true, true, false, false, false, false, false]);
  });

  it("takes absolute URIs of the own origin, and none of others: they have no say here", async () => {
    const domain = "https://a.test:443/api HTTPS://A.TEST/admin/ https://b.test/ http://a.test/other //c.test/z";
    const urls = [
      "https://a.test/api",
      "https://a.test/admin/x",
      "https://a.test/other",
      "https://b.test/",
      "http://a.test/other",
    ];
    expect(await unasked(domain, "https://a.test/api", ...urls)).toEqual([true, true, false, false, false]);
  });

  it("is all of the origin if the domain names others only, as a proxy in front makes it", async () => {
    expect(
      await unasked("http://internal:8080/", "https://a.test/x", "https://a.test/y", "http://internal:8080/"),
    ).toEqual([true, false]);
  });

  it("resolves a URI against the request, and leaves out what is none", async () => {
    expect(await unasked("../up http://[", "https://a.test/x/y", "https://a.test/up/z", "https://a.test/x/z")).toEqual([
      true,
      false,
    ]);
  });

  it("may be what a query begins with", async () => {
    expect(
      await unasked("/a?b", "https://a.test/a?b", "https://a.test/a?b", "https://a.test/a?b&c", "https://a.test/a"),
    ).toEqual([true, false, false]);
  });

  it("lets the latest challenge win where two spaces hold a URI", async () => {
    const scheme = digest(USER);
    const call = async (path: string, ...replies: readonly Response[]): Promise<unknown> => {
      const { requests } = await walk(scheme, new Request(`https://a.test${path}`), ...replies);
      return answerIn(requests[0])?.["nonce"];
    };
    await call("/a", asks("all"), new Response());
    expect(await call("/b/x", asks("b", 'qop=auth, domain="/b"'), new Response())).toBe("all");
    expect([await call("/b/y", new Response()), await call("/c", new Response())]).toEqual(["b", "all"]);
    expect(await call("/b/z", asks("all again"), new Response())).toBe("b");
    expect([await call("/b/y", new Response()), await call("/c", new Response())]).toEqual(["all again", "all again"]);
  });

  it("counts the first 100 URIs of a domain, however many a server names", async () => {
    const domain = Array.from({ length: 20_000 }, (_, number) => `/${number}`).join(" ");
    expect(await unasked(domain, "https://a.test/0", "https://a.test/99", "https://a.test/100")).toEqual([true, false]);
  });

  it("holds a path just if the segments of the one are the first of the other", () => {
    const paths = fc.array(fc.constantFrom("a", "b", "ab"), { maxLength: 4 });
    fc.assert(
      fc.property(paths, paths, fc.constantFrom("", "?", "?/a"), (space, path, query) => {
        const prefix = space.map((segment) => `/${segment}`).join("");
        const uri = `/${path.join("/")}${query}`;
        const isInside = space.every((segment, index) => path[index] === segment);
        expect(covers(prefix, uri)).toBe(isInside);
      }),
    );
  });
});
