import { defineScheme } from "@authflow/flow";
import { scriptedFetch } from "@authflow/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalOf, sent } from "./fixtures/sent.ts";
import { apiKey } from "./index.ts";

describe("a key in a header", () => {
  it.each([
    ["X-API-Key", "x-api-key"],
    ["Ocp-Apim-Subscription-Key", "ocp-apim-subscription-key"],
    ["authorization", "authorization"],
    ["__proto__", "__proto__"],
    ["!#$%&'*+.^_`|~-09az", "!#$%&'*+.^_`|~-09az"],
  ])("stands under the name that is given: %s", async (header, name) => {
    const { headers } = await sent({ header, value: "Token k1" });
    expect([...headers]).toEqual([[name, "Token k1"]]);
  });

  it("stands under X-API-Key with `true`", async () => {
    expect([...(await sent({ header: true, value: "k1" })).headers]).toEqual([["x-api-key", "k1"]]);
  });

  it("replaces one that the request carries, in whatever letter case", async () => {
    const { headers } = await sent({ header: "x-api-key", value: "k1" }, undefined, { "X-Api-Key": "of the SDK" });
    expect([...headers]).toEqual([["x-api-key", "k1"]]);
  });

  it("leaves one alone that a scheme further outside has set", async () => {
    const outer = defineScheme(function outer(request) {
      request.headers.set("x-api-key", "outer");
      return request;
    });
    const fetch = scriptedFetch([{ expect: { headers: { "x-api-key": "outer" } }, reply: {} }]);
    await outer(apiKey({ header: "x-api-key", value: "k1" })(fetch))("https://api.example.com/");
    fetch.done();
  });

  it("can be any text of Latin-1 without controls that neither begins nor ends with a space (RFC 9110 §5.5)", async () => {
    const letters = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f);
    const texts = fc.array(letters, { minLength: 1 }).map((codes) => String.fromCharCode(...codes));
    await fc.assert(
      fc.asyncProperty(
        texts.filter((text) => text.trim() === text),
        async (value) => {
          expect((await sent({ header: "x-api-key", value })).headers.get("x-api-key")).toBe(value);
        },
      ),
    );
  });

  it("is sent as it is, or refused with a typed error that doesn't show it, for any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (value) => {
        const refusal = refusalOf({ header: "x-api-key", value });
        if (refusal === undefined) {
          expect((await sent({ header: "x-api-key", value })).headers.get("x-api-key")).toBe(value);
        } else {
          expect(refusal).toMatchObject({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" });
          if (value.length > 8) expect((refusal as Error).message).not.toContain(value);
        }
      }),
    );
  });

  it.each([
    ["a letter beyond Latin-1", "kēy", /beyond Latin-1/],
    ["the first one beyond it", "k\u0100y", /beyond Latin-1/],
    ["an emoji", "k🔑", /beyond Latin-1/],
    ["a space before it", " k1", /begins or ends with a space/],
    ["a space behind it", "k1 ", /begins or ends with a space/],
    ["a tab", "k\t1", /control character/],
  ])("is refused with %s", (_, value, message) => {
    expect(refusalOf({ header: "x-api-key", value })).toMatchObject({
      name: "InvalidCredentialsError",
      code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(["", "x api key", "x-api-key:", "x\r\ny", "x-äpi-key", "x,y", 'x"', "x/y", 5, null, false, ["x"]])(
    "is refused under a name that is none (RFC 9110 §5.1): %j",
    (header) => {
      expect(refusalOf({ header, value: "k1" })).toMatchObject({
        name: "InvalidOptionError",
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringMatching(/^`header` is no name/) as string,
      });
    },
  );
});
