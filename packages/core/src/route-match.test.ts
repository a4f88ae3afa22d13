import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Route, type RouteMatch, routes } from "./index.ts";

/** Whether a URL, as a caller may write it, gets the credentials of a route. */
async function matches(match: RouteMatch | readonly RouteMatch[], url: string, rest: readonly Route[] = []) {
  let sent: string | null = null;
  const fetch = async (_: string, init?: RequestInit): Promise<Response> => {
    sent = new Headers(init?.headers).get("authorization");
    return new Response("ok");
  };
  await routes([{ match, auth: ["u", "p"] }, ...rest])(fetch)(url);
  return sent !== null;
}

const V1 = "https://api.example.com/v1";

describe("an origin", () => {
  test.each([
    ["https://api.example.com", "https://api.example.com/x"],
    ["https://api.example.com/", "https://api.example.com?q"],
    ["HTTPS://API.Example.COM", "https://api.example.com/"],
    ["https://api.example.com", "HTTPS://API.EXAMPLE.com:443/"],
    ["https://api.example.com:443", "https://api.example.com/"],
    ["http://api.example.com:80", "http://api.example.com/"],
    ["https://bücher.example", "https://xn--bcher-kva.example/"],
    ["https://xn--bcher-kva.example", "https://B%C3%BCcher.example/"],
    ["http://127.0.0.1", "http://0x7f.1/"],
    ["https://[::1]", "https://[0:0:0:0:0:0:0:1]/"],
  ])("%s is that of %s", async (match, url) => {
    expect(await matches(match, url)).toBe(true);
  });

  test.each([
    ["another port", "https://api.example.com:8443/"],
    ["another protocol", "http://api.example.com/"],
    ["a host that begins like it", "https://api.example.com.evil.example/"],
    ["a host that ends like it", "https://evil-api.example.com/"],
    ["it as a user name", "https://api.example.com@evil.example/"],
    ["it as a user name and password", "https://api.example.com:443@evil.example/"],
    ["it behind a backslash", "https://evil.example\\@api.example.com/"],
    ["it in the path", "https://evil.example/https://api.example.com/"],
    ["it in the fragment", "https://evil.example/#@api.example.com/"],
    ["its absolute name, which is another origin", "https://api.example.com./"],
  ])("is not that of %s", async (_, url) => {
    expect(await matches("https://api.example.com", url)).toBe(false);
  });
});

describe("a prefix", () => {
  test.each([
    "/v1",
    "/v1/",
    "/v1/users",
    "/v1?page=2",
    "/v1#top",
    "/v1//users",
    "/x/../v1/users",
    "/v1/users/%2e%2e/roles",
    "/v1/a%20b",
    "/v1/group%2Fproject",
    "/v1/a;v=1",
    "\\v1\\users",
    "/v1/../v1/../v1",
  ])("stands for %s", async (path) => {
    expect(await matches(V1, `https://api.example.com${path}`)).toBe(true);
  });

  test.each([
    "",
    "/",
    "/v",
    "/v10",
    "/v1x/y",
    "/V1",
    "/v1/../admin",
    "/v1/%2e%2e/admin",
    "/v1/.%2E/admin",
    "/v1\\..\\admin",
    "/v1/..\\admin",
    "/v1/..%2fadmin",
    "/v1/..%2Fadmin",
    "/v1/%2e%2e%2fadmin",
    "/v1/..%5cadmin",
    "/v1/%252e%252e%252fadmin",
    "/v1/x/..%2f..%2fadmin",
    "/v1/..;/admin",
    "/v1/..;a=b/admin",
    "/v1%2f..%2fadmin",
    "/v1%2fusers",
    "/%76%31",
    "/admin?/v1/",
    "/admin#/v1/",
    "//v1",
  ])("does not stand for %s", async (path) => {
    expect(await matches(V1, `https://api.example.com${path}`)).toBe(false);
  });

  test("with a slash at its end stands for what is below it", async () => {
    expect(await matches(`${V1}/`, `${V1}/users`)).toBe(true);
    expect(await matches(`${V1}/`, V1)).toBe(false);
  });

  test("may have characters that are written encoded", async () => {
    expect(await matches("https://a.example/für alle", "https://a.example/f%C3%BCr%20alle/x")).toBe(true);
    expect(await matches("https://a.example/%61%2Fb", "https://a.example/%61%2Fb/c")).toBe(true);
  });

  test("that a server may read either way gets the credentials of no route, rather than those of the next", async () => {
    const rest: Route[] = [{ match: "https://api.example.com", auth: ["the", "rest"] }];
    expect(await matches(V1, "https://api.example.com/v1%2fusers", rest)).toBe(false);
    expect(await matches(V1, "https://api.example.com/%76%31/users", rest)).toBe(false);
    expect(await matches(V1, "https://api.example.com/a%2fb", rest)).toBe(true);
  });
});

describe("a URLPattern", () => {
  test("matches as it says, and no encoded slash gets past it", async () => {
    const pattern = new URLPattern({ protocol: "https", hostname: "{*.}?example.com", pathname: "/v1/*" });
    expect(await matches(pattern, "https://api.example.com/v1/x")).toBe(true);
    expect(await matches(pattern, "https://example.com/v1/x?q")).toBe(true);
    expect(await matches(pattern, "https://api.example.com/v2/x")).toBe(false);
    expect(await matches(pattern, "https://api.example.com.evil.example/v1/x")).toBe(false);
    expect(await matches(pattern, "https://api.example.com/v1/..%2fadmin")).toBe(false);
  });

  test("of one origin matches there", async () => {
    const pattern = new URLPattern("https://api.example.com:8443/v1/*");
    expect(await matches(pattern, "https://API.example.com:8443/v1/x")).toBe(true);
    expect(await matches(pattern, "https://api.example.com:8443/v2/x")).toBe(false);
    expect(await matches(pattern, "https://api.example.com/v1/x")).toBe(false);
  });
});

describe("a function", () => {
  test("is given the URL, parsed and without a user name", async () => {
    const seen: string[] = [];
    const match = (url: URL): boolean => {
      seen.push(url.href);
      url.hostname = "evil.example"; // which changes a copy
      return true;
    };
    expect(await matches([match], "https://u:p@API.example.com:443/a/../b")).toBe(true);
    expect(new Set(seen)).toEqual(new Set(["https://api.example.com/b"]));
  });
});

describe("whatever the URL", () => {
  const piece = fc.oneof(
    fc.constantFrom("/", "\\", "..", ".", "%2e", "%2E%2e", "%2f", "%2F", "%5c", "%252e%252e", "%252f", ";", ";x=1"),
    fc.constantFrom("v1", "V1", "v", "1", "admin", "%76", "%20", "?", "#", "@", ":", "//", "\t"),
    fc.string({ maxLength: 3 }),
  );
  const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join("")}`);

  /** Every place that a server could make of a path: decoded as often as it likes, and resolved at any time. */
  function readings(pathname: string): Set<string> {
    const found = new Set<string>();
    let open = [pathname];
    for (let round = 0; round < 4; round++) {
      open = open.flatMap((text) => {
        const decoded = text.replaceAll(/%([\da-f]{2})/gi, (octet, hex: string) => {
          const code = Number.parseInt(hex, 16);
          return code < 0x80 ? String.fromCharCode(code) : octet;
        });
        return [text, decoded];
      });
      for (const text of open) found.add(resolved(text)).add(resolved(text.replaceAll(/;[^/\\]*/g, "")));
    }
    return found;
  }

  function resolved(text: string): string {
    const kept: string[] = [];
    for (const segment of text.split(/[/\\]+/).slice(1)) {
      if (segment === "..") kept.pop();
      else if (segment !== "." && segment !== "") kept.push(segment);
    }
    return `/${kept.join("/")}`;
  }

  test("credentials for a prefix go out only where each reading of the path is below it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("/v1", "/v1/", "/v1/..%2f", "/v1\\"), path, async (start, rest) => {
        const url = `https://api.example.com${start}${rest}`;
        if (!(await matches(V1, url))) return;
        for (const place of readings(new URL(url).pathname)) expect(place).toMatch(/^\/v1(\/|$)/);
      }),
      { numRuns: 2000 },
    );
  });

  test("credentials for an origin go to that origin", async () => {
    const before = fc.constantFrom("https://", "HTTPS:", "https:\\\\", "https:////", "http://", "https://u:p@");
    const host = fc.constantFrom("api.example.com", "API.EXAMPLE.COM", "evil.example", "api.example.com.evil.example");
    const after = fc.constantFrom(
      "",
      ":443",
      ":80",
      ":8443",
      "@evil.example",
      "\\@evil.example",
      ".",
      "%2eevil.example",
    );
    await fc.assert(
      fc.asyncProperty(before, host, after, path, async (scheme, name, port, rest) => {
        const url = `${scheme}${name}${port}${rest}`;
        if (!URL.canParse(url)) return;
        expect(await matches("https://api.example.com", url)).toBe(new URL(url).origin === "https://api.example.com");
      }),
      { numRuns: 1000 },
    );
  });
});
