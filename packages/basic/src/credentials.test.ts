import { isAuthError } from "@authflow/flow";
import * as fc from "fast-check";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { credentialsOf } from "./credentials.ts";

const octetsIn = (credentials: string): Buffer => Buffer.from(credentials.replace(/^Basic /, ""), "base64");

const withoutControls = (text: string): string => text.replace(/[\0-\x1f\x7f]/g, "");
const withoutColon = (text: string): string => text.replaceAll(":", "");
const texts = fc.string({ unit: "binary" }).map(withoutControls); // any code points but surrogates
const latin1Texts = fc
  .array(fc.integer({ min: 0, max: 0xff }))
  .map((codes) => withoutControls(String.fromCharCode(...codes)));
const bytes = fc.uint8Array({ min: 0x20 }).map((octets) => octets.filter((octet) => octet !== 0x7f));

describe("the credentials (RFC 7617 §2)", () => {
  it("decode to the user-id, a colon and the password, for all texts", () => {
    fc.assert(
      fc.property(texts.map(withoutColon), texts, (username, password) => {
        const credentials = credentialsOf(username, password);
        expect(octetsIn(credentials).toString("utf8")).toBe(`${username}:${password}`);
        expect(credentials).toBe(`Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`);
      }),
    );
  });

  it("decode to them for all texts in Latin-1", () => {
    fc.assert(
      fc.property(latin1Texts.map(withoutColon), latin1Texts, (username, password) => {
        const credentials = credentialsOf(username, password, "latin1");
        expect(credentials).toBe(`Basic ${Buffer.from(`${username}:${password}`, "latin1").toString("base64")}`);
      }),
    );
  });

  it("hold a Uint8Array as it is, whatever the encoding", () => {
    fc.assert(
      fc.property(bytes, bytes, fc.constantFrom("utf-8", "latin1"), (username, password, encoding) => {
        const userId = username.filter((octet) => octet !== 0x3a);
        const expected = Buffer.concat([userId, Buffer.from(":"), password]);
        expect(octetsIn(credentialsOf(userId, password, encoding))).toEqual(expected);
      }),
    );
  });

  it("are made, or refused with a typed error, for whatever is given", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(
        anything,
        anything,
        fc.constantFrom("utf-8", "latin1", "utf8", null),
        (username, password, encoding) => {
          try {
            expect(credentialsOf(username, password, encoding)).toMatch(/^Basic [A-Za-z0-9+/]+={0,2}$/);
          } catch (error) {
            if (!isAuthError(error)) throw error;
          }
        },
      ),
    );
  });

  it("can be long", () => {
    const password = new Uint8Array(1_000_000).fill(0x61);
    expect(octetsIn(credentialsOf("", password))).toHaveLength(1_000_001);
  });

  it("hold text as it is given: no normalization, which §2.1 has a server ask for", () => {
    expect(octetsIn(credentialsOf("e\u0301", "")).toString()).toBe("e\u0301:");
    expect(octetsIn(credentialsOf("\u00e9", "")).toString()).toBe("\u00e9:");
  });

  it("hold control characters of C1, which RFC 5234's CTL doesn't name", () => {
    expect(octetsIn(credentialsOf("a\u0080", "\u009f", "latin1"))).toEqual(Buffer.from("a\u0080:\u009f", "latin1"));
    expect(octetsIn(credentialsOf("a\u0080", "\u009f")).toString()).toBe("a\u0080:\u009f");
  });

  it("take a Buffer, and a Uint8Array of another realm (a frame's, or Jest's)", () => {
    const foreign: unknown = runInNewContext("Uint8Array.of(112, 119)");
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    expect(credentialsOf(Buffer.from("user"), foreign)).toBe(credentialsOf("user", "pw"));
  });
});

describe("credentials that are refused", () => {
  const refusals = (username: unknown, password: unknown, encoding?: string): unknown => {
    try {
      return credentialsOf(username, password, encoding);
    } catch (error) {
      return isAuthError(error) ? `${error.code}: ${error.message}` : error;
    }
  };

  it.each([...Array(0x20).keys(), 0x7f])("hold control character %i, as text or as an octet (§2: MUST NOT)", (code) => {
    const text = `s3cret${String.fromCharCode(code)}`;
    for (const value of [text, Buffer.from(text)]) {
      for (const encoding of ["utf-8", "latin1"]) {
        expect(refusals(value, "", encoding)).toMatch(
          /^ERR_AUTHFLOW_INVALID_CREDENTIALS: The username holds a control/,
        );
        expect(refusals("", value, encoding)).toMatch(
          /^ERR_AUTHFLOW_INVALID_CREDENTIALS: The password holds a control/,
        );
      }
    }
  });

  it.each([":", "us:er", new TextEncoder().encode("us:er")])(
    "have a colon in the username (§2: a server would end it there)",
    (username) => {
      expect(refusals(username, "x")).toMatch(/^ERR_AUTHFLOW_INVALID_CREDENTIALS: The username holds a colon/);
    },
  );

  it.each(["\ud800", "a\udc00b", "\udc00\ud800"])("hold a lone surrogate, which would become U+FFFD: %j", (text) => {
    expect(refusals(text, "")).toMatch(/^ERR_AUTHFLOW_INVALID_CREDENTIALS: The username holds a lone surrogate/);
    expect(refusals("", text)).toMatch(/^ERR_AUTHFLOW_INVALID_CREDENTIALS: The password holds a lone surrogate/);
  });

  it.each(["\u0100", "€", "🔑", "\ud800"])("can't be written in Latin-1: %j", (text) => {
    expect(refusals(text, "", "latin1")).toMatch(/^ERR_AUTHFLOW_INVALID_CREDENTIALS: The username .+ Latin-1 lacks/);
    expect(refusals("", text, "latin1")).toMatch(/^ERR_AUTHFLOW_INVALID_CREDENTIALS: The password .+ Latin-1 lacks/);
  });

  it.each([undefined, null, 0, 1234, true, {}, ["x"], new Date(0), new Uint16Array(1), new ArrayBuffer(1)])(
    "are neither text nor a Uint8Array: %s",
    (value) => {
      expect(refusals(value, "")).toMatch(
        /^ERR_AUTHFLOW_INVALID_CREDENTIALS: The username is (undefined|number|boolean|object)\. /,
      );
      expect(refusals("", value)).toMatch(/^ERR_AUTHFLOW_INVALID_CREDENTIALS: The password is /);
    },
  );

  it.each(["utf8", "UTF-8", "ascii", "", null, 1])("are in an encoding that is none: %s", (encoding) => {
    expect(() => credentialsOf("", "", encoding)).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }),
    );
  });
});

describe("Base64", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("needs nothing of Node", () => {
    vi.stubGlobal("Buffer", undefined);
    expect(credentialsOf("🔑", "🚀")).toBe("Basic 8J+UkTrwn5qA");
  });
});
