import { InsecureTransportError } from "@authflow/flow";
import { scriptedFetch, walk } from "@authflow/testing";
import { describe, expect, it, vi } from "vitest";
import { authorizationsOf, refusal } from "./fixtures/messages.ts";
import { bearer, type TokenSource } from "./index.ts";

const both: readonly (readonly [string, string | TokenSource])[] = [
  ["a token", "t1"],
  ["a function", () => "t1"],
];

describe.each(both)("requireHttps, with %s", (_, token) => {
  it("refuses plain http before anything is sent", async () => {
    const fetch = scriptedFetch([]);
    const call = bearer(token, { requireHttps: true })(fetch)("http://example.com/a?token=t0p");
    await expect(call).rejects.toBeInstanceOf(InsecureTransportError);
    await expect(call).rejects.toMatchObject({ code: "ERR_AUTHFLOW_INSECURE_TRANSPORT", url: "http://example.com/a" });
    fetch.done();
  });

  it.each([
    "https://example.com/",
    "http://localhost:8080/",
    "http://app.localhost/",
    "http://127.0.0.1/",
    "http://[::1]/",
  ])("lets %s pass: nobody listens on the way", async (url) => {
    const fetch = scriptedFetch([{ expect: { url, authorization: "Bearer t1" }, reply: {} }]);
    await bearer(token, { requireHttps: true })(fetch)(url);
    fetch.done();
  });

  it("is off by default", async () => {
    const fetch = scriptedFetch([{ expect: { authorization: "Bearer t1" }, reply: {} }]);
    await bearer(token)(fetch)("http://example.com/");
    fetch.done();
  });
});

describe("requireHttps", () => {
  it("refuses plain http before the function is asked", async () => {
    const source = vi.fn<TokenSource>(() => "t1");
    await expect(bearer(source, { requireHttps: true })(scriptedFetch([]))("http://example.com/")).rejects.toThrow(
      "https",
    );
    expect(source).not.toHaveBeenCalled();
  });
});

describe.each(both)("origins, with %s", (_, token) => {
  it("are where the token goes; elsewhere nothing is sent and nothing answered", async () => {
    const fetch = scriptedFetch([
      { expect: { origin: "https://example.com", authorization: null }, reply: refusal() },
      { expect: { origin: "https://api.example.com", authorization: "Bearer t1" }, reply: {} },
    ]);
    const authFetch = bearer(token, { origins: ["https://api.example.com"] })(fetch);
    await authFetch("https://example.com/");
    await authFetch("https://api.example.com/");
    fetch.done();
  });

  it("are read once: what happens to them later changes nothing", () => {
    const origins = ["https://example.com"];
    const scheme = bearer(token, { origins });
    origins.push("https://elsewhere.test");
    expect(scheme.origins).toEqual(["https://example.com"]);
  });

  it.each([[["api.example.com"]], ["https://api.example.com"]])(
    "are refused at once where they are none: %j",
    (origins) => {
      expect(() => bearer(token, { origins: origins as string[] })).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
      );
    },
  );
});

describe("the options", () => {
  it.each([-1, Number.NaN, "soon", "5", null])("are refused at once with a `backOff` of %o", (backOff) => {
    expect(() => bearer(() => "t1", { backOff: backOff as number })).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringMatching(/^`backOff` is a number of milliseconds/) as string,
      }),
    );
  });

  it.each([
    ["nothing", []],
    ["null", [null]],
    ["options without a token", [{ token: "t1" }]],
  ])("are refused at once where a caller without types gives %s", (_, given) => {
    const untyped = bearer as (...values: readonly unknown[]) => unknown; // what such a caller sees
    expect(() => untyped(...given)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
        message: expect.stringMatching(/^The token is (undefined|object)\. Give it as text/) as string,
      }),
    );
  });

  it("may be undefined", async () => {
    const rest = { requireHttps: undefined, origins: undefined };
    const asking = { ...rest, perRequest: undefined, bare401: undefined, backOff: undefined, now: undefined };
    for (const scheme of [bearer("t1", rest), bearer(() => "t1", asking)]) {
      const { requests } = await walk(scheme, new Request("http://example.com/"), new Response());
      expect(authorizationsOf(requests)).toEqual(["Bearer t1"]);
    }
  });
});
