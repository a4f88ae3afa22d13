import { walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { answerIn, asks, paramsIn } from "./fixtures/messages.ts";
import { digest, type DigestOptions } from "./index.ts";

const USER = { username: "user", password: "password123" };
const request = (): Request => new Request("https://example.com/");
const untyped = digest as (...values: readonly unknown[]) => unknown; // what a caller without types sees

describe("the credentials of digest", () => {
  it.each([
    ["nothing", []],
    ["null", [null]],
    ["an empty object", [{}]],
    ["two texts, as HTTPX's DigestAuth takes them", ["user", "pass"]],
    ["a tuple, which is for createAuthFetch", [["user", "pass"]]],
    ["a function", [() => "user"]],
  ])("are refused at once where a caller without types gives %s", (_, given) => {
    expect(() => untyped(...given)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
        message: expect.stringMatching(/^The username is undefined\. Give /) as string,
      }),
    );
  });

  it.each([
    ["a colon in the username, which is ambiguous in H(A1)", { username: "us:er" }, /^The username holds a colon/],
    ["a colon in a username of octets", { username: Buffer.from("us:er") }, /^The username holds a colon/],
    ["a line end in the username", { username: "user\n" }, /^The username holds a control character/],
    ["a line end in the password", { password: "pass\r\n" }, /^The password holds a control character/],
    ["a NUL", { password: "pass\0word" }, /^The password holds a control character/],
    ["a DEL among octets", { username: Uint8Array.of(0x61, 0x7f) }, /^The username holds a control character/],
    ["half of a character", { password: "pass\ud83d" }, /^The password holds a lone surrogate/],
    ["a missing password, such as an environment variable", { password: undefined }, /^The password is undefined/],
    ["a number", { password: 1234 }, /^The password is number/],
  ])("are refused with %s", (_, given, message) => {
    expect(() => untyped({ ...USER, ...given })).toThrow(
      expect.objectContaining({
        name: "InvalidCredentialsError",
        code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it.each([
    ["empty", { username: "", password: "" }],
    ["with colons in the password", { password: "p:a:ss" }],
    ["with quotes and backslashes", { username: String.raw`"us\er"`, password: String.raw`"\"` }],
    ["with C1 controls, which are no octets of their own in UTF-8", { username: "us\u0085er" }],
    ["with characters of four octets", { password: "pass 🚀" }],
  ])("may be %s", (_, given) => {
    expect(() => digest({ ...USER, ...given })).not.toThrow();
  });
});

describe("the options of digest", () => {
  it.each([
    ["an algorithm that nobody knows", { algorithms: ["SHA-256", "SHA-3"] }, "algorithms"],
    ["an algorithm in another spelling", { algorithms: ["sha-256"] }, "algorithms"],
    ["a -sess variant, which its algorithm stands for", { algorithms: ["MD5-sess"] }, "algorithms"],
    ["no algorithm", { algorithms: [] }, "algorithms"],
    ["a text in place of the list", { algorithms: "MD5" }, "algorithms"],
    ["null in place of the list", { algorithms: null }, "algorithms"],
    ["a number in place of the list", { algorithms: 256 }, "algorithms"],
    ["a negative time", { handshakeTimeout: -1 }, "handshakeTimeout"],
    ["no number", { handshakeTimeout: Number.NaN }, "handshakeTimeout"],
    ["a time that no timer can be set for", { handshakeTimeout: Infinity }, "handshakeTimeout"],
    ["a probe that is none", { probe: "options" }, "probe"],
    ["a probe in another spelling, which would not be what it says", { probe: "HEAD" }, "probe"],
    ["an origin that is none", { origins: ["api.example.com"] }, "origin"],
  ])("are refused at once with %s", (_, given, named) => {
    expect(() => untyped({ ...USER, ...given })).toThrow(
      expect.objectContaining({
        name: "InvalidOptionError",
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message: expect.stringContaining(named) as string,
      }),
    );
  });

  it("may be undefined where they are optional", async () => {
    const rest: Omit<Required<{ [K in keyof DigestOptions]: undefined }>, "username" | "password"> = {
      algorithms: undefined,
      requireRspauth: undefined,
      probe: undefined,
      handshakeTimeout: undefined,
      extendedUsername: undefined,
      cnonce: undefined,
      origins: undefined,
    };
    const { requests } = await walk(digest({ ...USER, ...rest }), request(), asks(), new Response());
    expect(answerIn(requests[1])).toMatchObject({ cnonce: expect.stringMatching(/^[0-9a-f]{16}$/) as string });
  });

  it("are read once: what happens to them later changes nothing", async () => {
    const password = Buffer.from("password123");
    const options = { username: "user", password, origins: ["https://example.com"], cnonce: () => "c1" };
    const scheme = digest(options);
    options.username = "other";
    options.origins.push("https://elsewhere.example");
    options.cnonce = () => "c2";
    password.fill(0); // a caller may wipe it
    const { requests } = await walk(scheme, request(), asks(), new Response());
    const same = await walk(digest({ ...USER, cnonce: () => "c1" }), request(), asks(), new Response());
    expect(answerIn(requests[1])).toEqual(answerIn(same.requests[1]));
    expect(scheme.origins).toEqual(["https://example.com"]);
  });
});

describe("client nonces (RFC 7616 §3.4, cnonce)", () => {
  it("are new for each request, and never the same", async () => {
    const scheme = digest(USER);
    const first = await walk(scheme, request(), asks(), new Response());
    const all = paramsIn(first.requests.slice(1), "cnonce");
    for (let call = 0; call < 500; call++) {
      const { requests } = await walk(scheme, request(), new Response());
      all.push(...paramsIn(requests, "cnonce"));
    }
    expect(new Set(all).size).toBe(501);
    for (const one of all) expect(one).toMatch(/^[0-9a-f]{16}$/);
  });

  it("are refused with a control character, before the platform could print the header that they are in", async () => {
    const scheme = digest({ ...USER, cnonce: () => "c1\r\nx: y" });
    await expect(walk(scheme, request(), asks(), new Response())).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
      message: expect.stringContaining("The cnonce holds a control character") as string,
    });
  });

  it("come from the option, and are quoted and digested whatever they hold", async () => {
    let count = 0;
    const scheme = digest({ ...USER, cnonce: () => `"c\\${++count} €` });
    const { requests } = await walk(scheme, request(), asks(), new Response());
    const utf8 = Buffer.from('"c\\1 €').toString("latin1");
    expect(answerIn(requests[1])?.["cnonce"]).toBe(utf8);
  });
});
