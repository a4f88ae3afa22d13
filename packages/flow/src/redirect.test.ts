import { describe, expect, it } from "vitest";
import { becomesGet, dropBodyHeaders, locationOf, markRedirected, redirectTarget } from "./redirect.ts";

const moved = (status: number, location?: string): Response =>
  new Response(null, { status, ...(location !== undefined && { headers: { location } }) });

const target = (location: string, from = "https://a.test/dir/page"): string =>
  redirectTarget(location, from, moved(302, "/"), "https://a.test/dir/page").href;

describe("locationOf (Fetch, redirect status)", () => {
  it.each([301, 302, 303, 307, 308])("gives the Location of a %d", (status) => {
    expect(locationOf(moved(status, "/next"))).toBe("/next");
  });

  it.each([200, 201, 300, 304, 305, 306, 401])("takes no %d for a redirect", (status) => {
    const response = moved(200, "/next");
    Object.defineProperty(response, "status", { value: status });
    expect(locationOf(response)).toBeNull();
  });

  it("takes a redirect without a Location for the response that it is", () => {
    expect(locationOf(moved(302))).toBeNull();
  });
});

describe("redirectTarget (Fetch, location URL)", () => {
  it.each([
    ["/z", "https://a.test/z"],
    ["z", "https://a.test/dir/z"],
    ["../z", "https://a.test/z"],
    ["?q", "https://a.test/dir/page?q"],
    ["", "https://a.test/dir/page"],
    ["//b.test/z", "https://b.test/z"],
    ["HTTP://B.Test:80/z", "http://b.test/z"],
  ])("resolves %j", (location, href) => {
    expect(target(location)).toBe(href);
  });

  it("keeps the fragment of the present URL where the Location has none", () => {
    expect(target("/z", "https://a.test/#here")).toBe("https://a.test/z#here");
    expect(target("/z#there", "https://a.test/#here")).toBe("https://a.test/z#there");
  });

  it("takes off user and password: a server has no business to choose them", () => {
    expect(target("https://evil:pw@a.test/z")).toBe("https://a.test/z");
    expect(target("https://:pw@a.test/z")).toBe("https://a.test/z");
  });

  it("reads octets that are UTF-8 as browsers do, and others as Latin-1", () => {
    expect(target("/\u00c3\u00a9")).toBe("https://a.test/%C3%A9");
    expect(target("/\u00e9")).toBe("https://a.test/%C3%A9");
    expect(target("/\u20ac"), "a runtime that has decoded it already").toBe("https://a.test/%E2%82%AC");
  });

  it.each([
    "data:,x",
    "ftp://a.test/",
    "file:///etc/passwd",
    "blob:https://a.test/x",
    "javascript:alert(1)",
    "unix:/x",
  ])("refuses %s: only http and https are followed (CVE-2022-33987)", (location) => {
    expect(() => target(location)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_REDIRECT_TARGET",
        url: "https://a.test/dir/page",
        response: expect.any(Response) as Response,
      }),
    );
  });

  it("refuses what is no URL, and says so", () => {
    expect(() => target("http://")).toThrow(/a Location that is no URL/);
  });
});

describe("becomesGet (Fetch, HTTP-redirect fetch step 12)", () => {
  it.each([
    [301, "POST", true],
    [302, "POST", true],
    [302, "post", true],
    [301, "PUT", false],
    [302, "DELETE", false],
    [303, "POST", true],
    [303, "PUT", true],
    [303, "QUERY", true],
    [303, "GET", false],
    [303, "HEAD", false],
    [307, "POST", false],
    [308, "POST", false],
  ])("%d of %s: %s", (status, method, expected) => {
    expect(becomesGet(status, method)).toBe(expected);
  });
});

describe("dropBodyHeaders (Fetch, request-body-header name)", () => {
  it("takes off what described the body, and nothing else", () => {
    const headers = new Headers({
      "content-encoding": "gzip",
      "content-language": "en",
      "content-location": "/x",
      "content-type": "text/plain",
      "content-length": "5",
      "content-md5": "x",
      accept: "*/*",
    });
    dropBodyHeaders(headers);
    expect([...headers.keys()]).toEqual(["accept", "content-md5"]);
  });
});

describe("markRedirected", () => {
  const marked = (): Response => markRedirected(new Response("text"), "https://a.test/end#fragment");

  it("makes the very response read as one that fetch redirected, without a fragment", () => {
    const response = new Response("text");
    expect(markRedirected(response, "https://a.test/end#fragment")).toBe(response);
    expect([response.url, response.redirected]).toEqual(["https://a.test/end", true]);
  });

  it("holds for a clone, and for a clone of a clone, which read the same body", async () => {
    const clone = marked().clone();
    const again = clone.clone();
    expect([clone.url, clone.redirected, again.url, again.redirected]).toEqual([
      "https://a.test/end",
      true,
      "https://a.test/end",
      true,
    ]);
    expect([await clone.text(), await again.text()]).toEqual(["text", "text"]);
  });

  it("adds nothing that a loop over the response's keys would find", () => {
    expect(Object.keys(marked())).toEqual(Object.keys(new Response()));
  });

  it("lets a frozen response of a mock be as it is", () => {
    const frozen = Object.freeze(new Response("text"));
    expect(markRedirected(frozen, "https://a.test/")).toBe(frozen);
  });
});
