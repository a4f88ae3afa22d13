import { describe, expect, it } from "vitest";
import { mapQuery, redactHeaders, redactUrl } from "./redact.ts";

const nothing = (): boolean => false;
const only = (secret: string) => (name: string) => name === secret;

describe("redactHeaders", () => {
  it.each([
    ["Basic dXNlcjpwYXNz", "Basic [redacted]"],
    ["bearer abc", "bearer [redacted]"],
    ['Digest username="finley", response="0"', "Digest [redacted]"],
    ["AWS4-HMAC-SHA256 Credential=AKID", "AWS4-HMAC-SHA256 [redacted]"],
    ["abc", "[redacted]"],
    ["My secret words", "[redacted]"],
    ["Basic", "[redacted]"],
  ])("leaves of Authorization: %s only the name of a scheme that is known", (value, shown) => {
    expect(redactHeaders(new Headers({ authorization: value }), nothing).get("authorization")).toBe(shown);
  });

  it.each(["authorization", "proxy-authorization", "cookie", "set-cookie"])("always redacts %s", (name) => {
    expect(redactHeaders(new Headers({ [name]: "s3cret" }), nothing).get(name)).toBe("[redacted]");
  });

  it("redacts every one of several Set-Cookie lines", () => {
    const headers = new Headers([
      ["set-cookie", "a=s3cret"],
      ["set-cookie", "b=s3cret"],
    ]);
    const shown = redactHeaders(headers, nothing).getSetCookie();
    expect(shown.length).toBeGreaterThan(0);
    expect(new Set(shown)).toEqual(new Set(["[redacted]"]));
  });

  it("redacts what it is told is secret, shows the rest, and changes nothing that it was given", () => {
    const headers = new Headers({ "x-pin": "1234", accept: "*/*" });
    expect(Object.fromEntries(redactHeaders(headers, only("x-pin")))).toEqual({ "x-pin": "[redacted]", accept: "*/*" });
    expect(headers.get("x-pin")).toBe("1234");
  });
});

describe("redactUrl", () => {
  it.each([
    ["https://user:pw@a.test/x", "https://a.test/x"],
    ["https://user@a.test/x", "https://a.test/x"],
    ["https://a.test/x@y", "https://a.test/x@y"],
    ["https://a.test/?at=user@b.test", "https://a.test/?at=user@b.test"],
    ["https://a.test/x#access_token=s3cret", "https://a.test/x"],
    ["https://a.test/?a=%20+b&token=s3cret&&c", "https://a.test/?a=%20+b&token=[redacted]&&c"],
    [
      "https://a.test/?api_key=s&apikey=s&API-KEY=s&sig=s",
      "https://a.test/?api_key=[redacted]&apikey=[redacted]&API-KEY=[redacted]&sig=[redacted]",
    ],
    ["https://a.test/?acc%65ss_token=s3cret", "https://a.test/?acc%65ss_token=[redacted]"],
    ["https://a.test/?token", "https://a.test/?token=[redacted]"],
    ["https://a.test/", "https://a.test/"],
    ["https://a.test/?", "https://a.test/?"],
    ["/relative?password=s3cret", "/relative?password=[redacted]"],
  ])("%s → %s", (url, shown) => {
    expect(redactUrl(url, nothing)).toBe(shown);
  });

  it("redacts the pairs that it is told are secret", () => {
    expect(redactUrl("https://a.test/?pin=1234&page=2", only("pin"))).toBe("https://a.test/?pin=[redacted]&page=2");
  });
});

describe("mapQuery", () => {
  it("takes a pair out and leaves the others as they are spelled", () => {
    const without = (name: string, pair: string): string | undefined => (name === "k" ? undefined : pair);
    expect(mapQuery("https://a.test/?a=%41&k=1&b=+&k=2#f", without)).toBe("https://a.test/?a=%41&b=+#f");
    expect(mapQuery("https://a.test/?k=1#f", without)).toBe("https://a.test/#f");
    expect(mapQuery("https://a.test/", without)).toBe("https://a.test/");
  });
});
