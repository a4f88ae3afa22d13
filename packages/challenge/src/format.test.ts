import { describe, expect, test } from "vitest";
import { formatAuthenticationInfo, formatChallenge, formatCredentials } from "./index.ts";

describe("a challenge (RFC 9110 §11.3)", () => {
  test("is written with its scheme as given and every value quoted", () => {
    const params = [
      ["realm", "wiki"],
      ["charset", "UTF-8"],
    ] as const;
    expect(formatChallenge({ scheme: "Basic", params })).toBe('Basic realm="wiki", charset="UTF-8"');
  });

  test("escapes quotes and backslashes and nothing else (§5.6.4)", () => {
    expect(formatChallenge({ scheme: "A", params: [["b", 'c"d\\e,f\tg']] })).toBe(String.raw`A b="c\"d\\e,f	g"`);
  });

  test("is a bare scheme without parameters", () => {
    expect(formatChallenge({ scheme: "Negotiate" })).toBe("Negotiate");
    expect(formatChallenge({ scheme: "Negotiate", params: new Map(), token68: undefined })).toBe("Negotiate");
  });

  test("is written with its token68", () => {
    expect(formatChallenge({ scheme: "Negotiate", token68: "oYG2==" })).toBe("Negotiate oYG2==");
    expect(formatChallenge({ scheme: "Negotiate", token68: "oYG2==", params: new Map() })).toBe("Negotiate oYG2==");
  });
});

describe("credentials (RFC 9110 §11.4, RFC 7616 §3.4)", () => {
  const params = new Map([
    ["username", "Mufasa"],
    ["algorithm", "SHA-256"],
    ["nc", "00000001"],
    ["qop", "auth"],
  ]);

  test("are written like a challenge, without quotes where they are asked for", () => {
    expect(formatCredentials({ scheme: "Digest", params, tokens: ["nc", "algorithm", "qop"] })).toBe(
      'Digest username="Mufasa", algorithm=SHA-256, nc=00000001, qop=auth',
    );
  });

  test("quote a value that is no token all the same", () => {
    const tokens = ["a", "b", "c"];
    const written = formatCredentials({
      scheme: "X",
      params: [
        ["a", ""],
        ["b", "c d"],
        ["c", "é"],
      ],
      tokens,
    });
    expect(written).toBe('X a="", b="c d", c="é"');
  });

  test("leave out a parameter that has no value", () => {
    expect(
      formatCredentials({
        scheme: "X",
        params: [
          ["a", undefined],
          ["b", "c"],
        ],
      }),
    ).toBe('X b="c"');
    expect(formatCredentials({ scheme: "X", params: [["a", undefined]] })).toBe("X");
  });
});

test("Authentication-Info is written without a scheme (RFC 9110 §11.6.3)", () => {
  expect(
    formatAuthenticationInfo(
      [
        ["rspauth", "6629"],
        ["nc", "00000001"],
      ],
      ["nc"],
    ),
  ).toBe('rspauth="6629", nc=00000001');
  expect(formatAuthenticationInfo([])).toBe("");
});

describe("what no field can carry is refused", () => {
  const caught = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };

  test.each([
    ["a line break in a value", { scheme: "A", params: [["b", "secret\r\nX-Injected: 1"]] }, "this b."],
    ["NUL in a value", { scheme: "A", params: [["b", "secret\u0000"]] }, "this b."],
    ["DEL in a value", { scheme: "A", params: [["b", "secret\u007f"]] }, "this b."],
    [
      "a line break in a value that goes without quotes",
      { scheme: "A", params: [["b", "secret\n"]], tokens: ["b"] },
      "this b.",
    ],
    ["a name with a space", { scheme: "A", params: [["b c", "d"]] }, "this b c."],
    ["a name with an equals sign", { scheme: "A", params: [["b=c", "d"]] }, "this b=c."],
    ["an empty name", { scheme: "A", params: [["", "d"]] }, "this ."],
    ["a scheme with a space", { scheme: "A b" }, "this scheme."],
    ["a scheme with a comma", { scheme: "A,B" }, "this scheme."],
    ["an empty scheme", { scheme: "" }, "this scheme."],
    ["an empty token68", { scheme: "A", token68: "" }, "this token68."],
    ["a token68 with a comma", { scheme: "A", token68: "secret, B" }, "this token68."],
    ["a token68 with a line break", { scheme: "A", token68: "secret\n" }, "this token68."],
  ] as const)("%s", (_, writable, ending) => {
    const error = caught(() => formatCredentials(writable));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      code: "ERR_AUTHFLOW_FIELD_VALUE",
      message: `No field can carry ${ending}`,
    });
    expect(String(error)).not.toContain("secret");
  });
});
