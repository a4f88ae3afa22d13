import { describe, expect, it } from "vitest";
import { answering } from "./fixtures/answering.ts";
import { basic } from "./index.ts";

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

  it("are read once: what happens to them later changes nothing", async () => {
    const password = Buffer.from("open sesame");
    const options = { username: "Aladdin", password };
    const server = answering(200);
    const authFetch = basic(options)(server.fetch);
    options.username = "Cassim";
    password.fill(0); // a caller may wipe it
    await authFetch("https://example.com/");
    expect(server.authorizations).toEqual(["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
  });

  it("may be undefined where they are optional", async () => {
    const server = answering(200);
    const rest = { encoding: undefined, preemptive: undefined, requireHttps: undefined, origins: undefined };
    await basic({ username: "Aladdin", password: "open sesame", ...rest })(server.fetch)("http://example.com/");
    expect(server.authorizations).toEqual(["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
  });
});
