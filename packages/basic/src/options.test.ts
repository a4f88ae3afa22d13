import { walk } from "@authflow/testing";
import { describe, expect, it } from "vitest";
import { authorizationsOf } from "./fixtures/messages.ts";
import { basic } from "./index.ts";

const CREDENTIALS = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

describe("the options of basic", () => {
  it.each([
    ["nothing", []],
    ["null", [null]],
    ["an empty object", [{}]],
    ["two texts, as HTTPX's BasicAuth takes them", ["user", "pass"]],
    ["a tuple, which is for createAuthFetch", [["user", "pass"]]],
    ["a function", [() => "user"]],
  ])("are refused at once where a caller without types gives %s", (_, given) => {
    const untyped = basic as (...values: readonly unknown[]) => unknown; // what such a caller sees
    expect(() => untyped(...given)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_CREDENTIALS",
        message: expect.stringMatching(/^The username is undefined\. Give \{ username, password \}/) as string,
      }),
    );
  });

  it("are refused at once with an origin that is none", () => {
    expect(() => basic({ username: "", password: "", origins: ["api.example.com"] })).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });

  it("are read once: what happens to them later changes nothing", async () => {
    const password = Buffer.from("open sesame");
    const origins = ["https://example.com"];
    const options = { username: "Aladdin", password, origins };
    const scheme = basic(options);
    options.username = "Cassim";
    origins.push("https://elsewhere.example");
    password.fill(0); // a caller may wipe it
    const { requests } = await walk(scheme, new Request("https://example.com/"), new Response());
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
    expect(scheme.origins).toEqual(["https://example.com"]);
  });

  it("may be undefined where they are optional", async () => {
    const rest = { encoding: undefined, preemptive: undefined, requireHttps: undefined, origins: undefined };
    const scheme = basic({ username: "Aladdin", password: "open sesame", ...rest });
    const { requests } = await walk(scheme, new Request("http://example.com/"), new Response());
    expect(authorizationsOf(requests)).toEqual([CREDENTIALS]);
  });
});
