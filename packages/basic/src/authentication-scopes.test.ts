import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AuthenticationScopes } from "./authentication-scopes.ts";

describe("the authentication scopes (RFC 7617 §2.2)", () => {
  const urls = fc.webUrl({ withQueryParameters: true, withFragments: true }).map((url) => new URL(url).href);

  it("cover each URL that was remembered", () => {
    fc.assert(
      fc.property(urls, (url) => {
        const scopes = new AuthenticationScopes();
        expect(scopes.cover(url)).toBe(false);
        scopes.remember(url);
        expect(scopes.cover(url)).toBe(true);
      }),
    );
  });

  it("cover a URL just if it has the origin and, by whole segments, begins with the path", () => {
    const paths = fc
      .array(fc.constantFrom("a", "b", "ab"), { maxLength: 4 })
      .map((segments) => `/${segments.join("/")}`);
    const origins = fc.constantFrom("https://a.example", "https://a.example:8443", "http://a.example");
    fc.assert(
      fc.property(origins, paths, origins, paths, (origin, path, otherOrigin, otherPath) => {
        const scopes = new AuthenticationScopes();
        scopes.remember(origin + path);
        const folder = path.split("/").slice(0, -1);
        const within = otherPath.split("/").slice(0, -1).slice(0, folder.length);
        expect(scopes.cover(otherOrigin + otherPath)).toBe(
          origin === otherOrigin && folder.join("/") === within.join("/"),
        );
      }),
    );
  });

  it("are 100 at most: the one that was used least recently is forgotten first", () => {
    const scopes = new AuthenticationScopes();
    const url = (number: number): string => `https://example.com/${number}/`;
    for (let number = 0; number < 100; number++) scopes.remember(url(number));
    expect(scopes.cover(url(0))).toBe(true); // which is a use of it
    scopes.remember(url(1)); // and so is this
    scopes.remember(url(100));
    expect([0, 1, 2, 3, 99, 100].map((number) => scopes.cover(url(number)))).toEqual([
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
  });
});
