import { describe, expect, test } from "vitest";
import { parseAuthenticationInfo, parseChallenges } from "./index.ts";

/** The challenges as plain values: `["digest", { realm: "r" }]` or `["negotiate", "oYG2"]`. */
const read = (text: string): unknown[] =>
  parseChallenges(text).map(({ scheme, params, token68 }) => [scheme, token68 ?? Object.fromEntries(params)]);

describe("where challenges are read from (RFC 9110 §11.6.1, §11.7.1)", () => {
  const headers = new Headers({
    "www-authenticate": 'Basic realm="origin"',
    "proxy-authenticate": 'Basic realm="proxy"',
    authorization: "Basic ZmlubGV5OnNlY3JldA==",
  });

  test("reads WWW-Authenticate of headers, and another field on request", () => {
    expect(parseChallenges(headers)[0]?.params.get("realm")).toBe("origin");
    expect(parseChallenges(headers, "proxy-authenticate")[0]?.params.get("realm")).toBe("proxy");
    expect(parseChallenges(headers, "authorization")[0]?.token68).toBe("ZmlubGV5OnNlY3JldA==");
  });

  test("reads one list from several field lines", () => {
    const several = new Headers();
    several.append("www-authenticate", "Negotiate");
    several.append("www-authenticate", 'Digest realm="r", nonce="n"');
    expect(parseChallenges(several).map(({ scheme }) => scheme)).toEqual(["negotiate", "digest"]);
  });

  test("finds none where there is no such field", () => {
    expect(parseChallenges(new Headers())).toEqual([]);
    expect(parseChallenges(new Headers().get("www-authenticate"))).toEqual([]);
    expect(parseChallenges("")).toEqual([]);
  });

  test("takes anything that has a get(), such as a Map", () => {
    expect(parseChallenges(new Map([["www-authenticate", "Basic"]]))).toHaveLength(1);
    expect(parseChallenges(new Map<string, string>())).toEqual([]);
  });
});

describe("the grammar of a challenge (RFC 9110 §11.3)", () => {
  test("tells a scheme from a parameter with bad whitespace before its equals sign", () => {
    expect(read('Basic realm = "x"')).toEqual([["basic", { realm: "x" }]]);
    expect(read('Basic realm\t=\t"x", Digest nonce ="n"')).toEqual([
      ["basic", { realm: "x" }],
      ["digest", { nonce: "n" }],
    ]);
  });

  test("tells a token68 from a parameter", () => {
    expect(read("A b=, C d==, E f=g, H i")).toEqual([
      ["a", "b="],
      ["c", "d=="],
      ["e", { f: "g" }],
      ["h", "i"],
    ]);
    expect(read("Bearer az.AZ-09_~+/=")).toEqual([["bearer", "az.AZ-09_~+/="]]);
  });

  test("gives a challenge with a token68 no parameters", () => {
    expect(read("Other abc==, realm=x, Basic")).toEqual([
      ["other", "abc=="],
      ["basic", {}],
    ]);
    expect(read("Other abc==, realm=")).toEqual([["other", "abc=="]]);
    expect(parseChallenges("Other abc==, realm=x")[0]?.params.size).toBe(0);
  });

  test("takes every character of a token in a scheme, a name and a value", () => {
    const token = "!#$%&'*+-.^_`|~09azAZ";
    expect(read(`${token} ${token}=${token}`)).toEqual([[token.toLowerCase(), { [token.toLowerCase()]: token }]]);
  });

  test("keeps what stands in quotes as it stands (§5.6.4)", () => {
    expect(read('A b=" \t,;= c "')).toEqual([["a", { b: " \t,;= c " }]]);
    expect(read(String.raw`A b="\"\\\c\	"`)).toEqual([["a", { b: '"\\c\t' }]]);
    expect(read(String.raw`A b="c\\", D`)).toEqual([
      ["a", { b: "c\\" }],
      ["d", {}],
    ]);
  });

  test("keeps octets beyond ASCII, quoted or bare, and at the end of a value", () => {
    // "à" in UTF-8, as headers show its octets: U+00A0 is no whitespace here.
    expect(read('A b="\u00c3\u00a0"')).toEqual([["a", { b: "\u00c3\u00a0" }]]);
    expect(read("A b=\u00c3\u00a0 , C d=\u00c3\u00a0")).toEqual([
      ["a", { b: "\u00c3\u00a0" }],
      ["c", { d: "\u00c3\u00a0" }],
    ]);
  });

  test("takes a bare value that is wider than a token, up to a separator", () => {
    expect(read("A b=https://host/path?c=d==, E")).toEqual([
      ["a", { b: "https://host/path?c=d==" }],
      ["e", {}],
    ]);
    expect(read("A b=c;d=e, F")).toEqual([["f", {}]]);
    expect(read('A b=c"d", F')).toEqual([["f", {}]]);
    expect(read("A b==c, F")).toEqual([["f", {}]]);
  });

  test("lets the last of two parameters of the same name win", () => {
    expect(read('A realm="x", REALM=y')).toEqual([["a", { realm: "y" }]]);
  });

  test("keeps names that objects in JavaScript inherit apart from them", () => {
    const [challenge] = parseChallenges("A __proto__=x, b=y");
    expect([...(challenge?.params.keys() ?? [])]).toEqual(["__proto__", "b"]);
    expect(challenge?.params.get("constructor")).toBeUndefined();
  });
});

describe("a malformed challenge", () => {
  test.each([
    ["a parameter without a value", 'Digest nonce="n", realm='],
    ["a quote that nobody closes", 'Digest nonce="n", realm="r'],
    ["a quote that is closed by an escaped one only", String.raw`Digest nonce="n", realm="r\"`],
    ["a backslash in place of a quote", String.raw`Digest nonce="n", realm=\"r"`],
    ["text after the closing quote", 'Digest nonce="n", realm="r"s'],
    ["two parameters without a comma", 'Digest nonce="n", realm="r" qop="auth"'],
    ["semicolons", 'Digest realm="r"; nonce="n"'],
    ["semicolons between bare values", "Digest realm=r; nonce=n"],
    ["a control character in a value", 'Digest nonce="n", realm="r\u0000"'],
    ["a control character in a bare value", "Digest nonce=n, realm=r\u0001"],
    ["DEL in a bare value", "Digest nonce=n, realm=r\u007f"],
    ["an escaped control character", 'Digest nonce="n", realm="r\\\u007f"'],
    ["a name that is no token", 'Digest nonce="n", re(alm="r"'],
    ["a scheme that is no token", 'Dig(est nonce="n"'],
    ["a quoted-string in place of parameters", 'Digest "n"'],
    ["a parameter and text after it", "Digest nonce=n, realm=r s"],
    ["text that is neither token68 nor parameter", "Digest a/b=c d"],
    ["a scheme with a slash", "Digest/2 abc"],
  ])("is left out, with the parameters after it: %s", (_, text) => {
    expect(read(text)).toEqual([]);
    expect(read(`${text}, qop=auth`)).toEqual([]);
  });

  test.each([
    'Foo "bar"',
    'Foo "a, Evil x=y, b"',
    'Fo(o realm="x"',
    "Foo bar baz",
    "Foo a=b; c=d",
    'Foo a="b, Evil x=y, c"; d="e, Evil x=y, f"',
    'Foo a="b, Evil x=y, c" d="e, Evil x=y, f"',
    'Foo a="b" c',
    'Foo "a, Evil x=y" "b, Evil x=y"',
    '"foo"',
    '"foo=bar"',
    "foo/bar",
    ";",
    '="x"',
    "\u0000",
  ])("hides no well-formed one on either side: %s", (malformed) => {
    expect(read(`Basic realm="a", ${malformed}, Digest realm="b", nonce="n"`)).toEqual([
      ["basic", { realm: "a" }],
      ["digest", { realm: "b", nonce: "n" }],
    ]);
  });

  test.each(['Basic realm="a', 'Basic "', 'Basic realm=a"', String.raw`Basic realm="a\"`, 'Basic x="a", realm="b'])(
    "with an open quote swallows none of the field lines after it: %s",
    (open) => {
      const headers = new Headers();
      for (const line of [open, 'Digest realm="b", nonce="n"', "Negotiate"]) headers.append("www-authenticate", line);
      expect(parseChallenges(headers).map(({ scheme }) => scheme)).toEqual(["digest", "negotiate"]);
    },
  );

  test("with an open quote may take along a line whose quoted value starts like the end of one", () => {
    expect(read('Basic realm="a, Digest realm=" b", nonce="n", Negotiate')).toEqual([["negotiate", {}]]);
  });

  test("is left out alone when it repeats the scheme of a well-formed one", () => {
    expect(read('Digest realm="a", nonce="1", Digest realm="b, Digest realm="c", nonce="3"')).toEqual([
      ["digest", { realm: "a", nonce: "1" }],
      ["digest", { realm: "c", nonce: "3" }],
    ]);
  });
});

describe("Authentication-Info (RFC 9110 §11.6.3)", () => {
  test("reads its parameters, names in lower case, values unquoted", () => {
    const params = parseAuthenticationInfo('NextNonce="a,\\"b", qop=auth,, nc = 00000001');
    expect([...params]).toEqual([
      ["nextnonce", 'a,"b'],
      ["qop", "auth"],
      ["nc", "00000001"],
    ]);
  });

  test("reads it from headers, and Proxy-Authentication-Info on request (§11.7.3)", () => {
    const headers = new Headers({ "authentication-info": "a=1", "proxy-authentication-info": "a=2" });
    expect(parseAuthenticationInfo(headers).get("a")).toBe("1");
    expect(parseAuthenticationInfo(headers, "proxy-authentication-info").get("a")).toBe("2");
    expect(parseAuthenticationInfo(new Headers()).size).toBe(0);
  });

  test("leaves a malformed parameter out and no other", () => {
    const params = parseAuthenticationInfo('a="1", b, c=, Digest d="2", e="3" f, g="4", h="5');
    expect([...params]).toEqual([
      ["a", "1"],
      ["g", "4"],
    ]);
  });
});

describe("hostile text", () => {
  // prettier-ignore
  const units = [
    '"', ",", " ", "\t", "\\", "=", "a", ";", "\u0000", "\u00a0", '""', '\\"', '\\",', '",', '"a', '"a"x', '" ', '" ;',
    'a="', 'a="b",', 'a="\\",', "a=b,", "a ,", "a =", "= ", "A b", "A b,", "A b=", "A =,", ' "', ', "', 'x"y,', "===",
  ];
  const openings = ["", "Basic ", "Basic realm=", 'Basic realm="', "Basic realm=x, a", '\\",x"'];
  // A limit only for what does not end: quadratic time would take minutes.
  const patience = 60_000;

  test.each(units)("of 64 KiB of %j is read to its end, and what follows is found", { timeout: patience }, (unit) => {
    for (const opening of openings) {
      const text = opening + unit.repeat((64 * 1024) / unit.length);
      expect(parseAuthenticationInfo(text).size).toBeLessThan(5);
      // An open quote may take the comma with it: what follows is only promised where there is no quote.
      const found = parseChallenges(`${text}, Last realm=x`);
      if (!text.includes('"')) expect(found.at(-1)?.scheme).toBe("last");
    }
  });

  // Long, and of the same kind as 64 KiB: where CI runs.
  test.skipIf(!process.env["CI"]).each(units)("of 1 MiB of %j is read to its end", { timeout: patience }, (unit) => {
    expect(parseChallenges(`Basic realm="${unit.repeat((1024 * 1024) / unit.length)}, x`)).toBeInstanceOf(Array);
  });

  test.skipIf(!process.env["CI"])("throws at no length: 16 MiB of quoted pairs", () => {
    const value = '\\"'.repeat(8 * 1024 * 1024);
    expect(parseChallenges(`Basic realm="${value}"`)[0]?.params.get("realm")).toHaveLength(8 * 1024 * 1024);
    expect(parseChallenges(`Basic realm="${value}`)).toEqual([]);
  });
});
