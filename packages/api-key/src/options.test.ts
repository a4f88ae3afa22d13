import { InsecureTransportError } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { refusalOf, sent } from "./fixtures/sent.ts";
import { apiKey, type ApiKeyOptions } from "./index.ts";

const KEYS: readonly ApiKeyOptions[] = [
  { header: "x-api-key", value: "k1" },
  { query: "api_key", value: "k1" },
  { cookie: "key", value: "k1" },
];

describe("the place", () => {
  it.each([
    ["nothing at all", undefined],
    ["null", null],
    ["no place", { value: "k1" }],
    ["a text", "k1"],
    ["two places", { header: "x-api-key", query: "api_key", value: "k1" }],
    ["three", { header: "x-api-key", query: "api_key", cookie: "key", value: "k1" }],
  ])("has to be one: %s is refused", (_, options) => {
    expect(refusalOf(options)).toMatchObject({
      code: "ERR_AUTHFLOW_INVALID_OPTION",
      message: "The key goes to exactly one place: give { header }, { query } or { cookie }.",
    });
  });

  it("may be undefined where another is given", async () => {
    const options = { header: undefined, query: "api_key", cookie: undefined, value: "k1" } as const;
    expect((await sent(options)).url).toBe("https://api.example.com/?api_key=k1");
  });
});

describe.each(["header", "query", "cookie"] as const)("the key in %s", (place) => {
  it.each([
    ["nothing, such as a variable that isn't set", undefined, /^The key is undefined\. /],
    ["a number", 1234, /^The key is number\. /],
    ["a function", () => "k1", /^The key is function\. /],
    ["an empty text", "", /^The key is empty\./],
    ["the line end of a file", "k1\n", /control character.*trim/],
    ["another header", "k1\r\nx-injected: 1", /control character/],
    ["a null", "k\0", /control character/],
    ["DEL", "k\x7f", /control character/],
  ])("is refused where it is %s", (_, value, message) => {
    expect(refusalOf({ [place]: "key", value })).toMatchObject({
      name: "InvalidCredentialsError",
      code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
      message: expect.stringMatching(message) as string,
    });
  });
});

describe.each(KEYS)("requireHttps, with %j", (key) => {
  const secure = { ...key, requireHttps: true };

  it("refuses plain http before anything is sent", async () => {
    const fetch = scriptedFetch([]);
    const call = apiKey(secure)(fetch)("http://example.com/a?token=t0p");
    await expect(call).rejects.toBeInstanceOf(InsecureTransportError);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INSECURE_TRANSPORT", url: "http://example.com/a" });
    fetch.done();
  });

  it.each(["https://example.com/", "http://localhost:8080/", "http://127.0.0.1/", "http://[::1]/"])(
    "lets %s pass: nobody listens on the way",
    async (url) => {
      const fetch = scriptedFetch([{ reply: {} }]);
      await apiKey(secure)(fetch)(url);
      fetch.done();
    },
  );

  it("is off by default", async () => {
    const fetch = scriptedFetch([{ reply: {} }]);
    await apiKey(key)(fetch)("http://example.com/");
    fetch.done();
  });
});

describe("the options", () => {
  it.each([[["api.example.com"]], ["https://api.example.com"]])(
    "are refused with origins that are none: %j",
    (origins) => {
      expect(refusalOf({ header: "x-api-key", value: "k1", origins })).toMatchObject({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
      });
    },
  );

  it("are read once: what happens to them later changes nothing", async () => {
    const origins = ["https://example.com"];
    const options = { header: "x-api-key", value: "k1", origins };
    const scheme = apiKey(options);
    options.value = "k2";
    origins.push("https://elsewhere.test");
    expect(scheme.origins).toEqual(["https://example.com"]);
    const fetch = scriptedFetch([{ expect: { headers: { "x-api-key": "k1" } }, reply: {} }]);
    await scheme(fetch)("https://example.com/");
    fetch.done();
  });

  it("may be undefined where they are optional", async () => {
    const options = { header: "x-api-key", value: "k1", requireHttps: undefined, origins: undefined };
    expect((await sent(options, "http://example.com/")).headers.get("x-api-key")).toBe("k1");
  });
});
