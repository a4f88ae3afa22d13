import { afterEach, describe, expect, it, vi } from "vitest";
import { credentialOctets, fieldOfOctets, octetsOfField } from "./index.ts";

const octets = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

afterEach(() => void vi.unstubAllGlobals());

describe("the octets of credentials", () => {
  it("are those of their UTF-8, or the ones that were given", () => {
    expect(credentialOctets("password", "pässwörd 🚀")).toBe(octets("pässwörd 🚀"));
    expect(credentialOctets("password", Buffer.from("päß", "latin1"))).toBe("p\u00e4\u00df");
  });

  it.each(["a:b", ":", Buffer.from("a:b")])(
    "have no colon in a username, where a server takes it to end (RFC 7617 §2, RFC 7616 §3.4.2): %s",
    (username) => {
      expect(() => credentialOctets("username", username)).toThrow(
        expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_CREDENTIALS" }),
      );
      expect(credentialOctets("password", username)).toContain(":");
    },
  );
});

describe("what is neither text nor octets", () => {
  it.each([undefined, null, 1, ["user", "pass"]])("is refused, with a word on where it may be missing: %j", (value) => {
    expect(() => credentialOctets("password", value)).toThrow(
      `The password is ${typeof value}. Give { username, password } as text or Uint8Array. Is its environment variable set?`,
    );
  });
});

describe("a header field (RFC 9110 §5.5)", () => {
  it("comes in as octets, one character each, as the fetch standard has it", () => {
    const { headers } = new Response(null, { headers: { "x-a": octets("Büro €") } });
    expect(octetsOfField(headers.get("x-a"))).toBe(octets("Büro €"));
    expect(octetsOfField(headers.get("x-b"))).toBe("");
  });

  it.each(["Büro €", "caf\u00e9 \u{1f680}", "half \ud83d of it"])(
    "that a runtime has decoded from UTF-8 is turned back into octets: %j",
    (decoded) => expect(octetsOfField(decoded)).toBe(octets(decoded)),
  );

  it("is set to octets, one character each, which is what the fetch standard sends", () => {
    const field = fieldOfOctets(octets("jürgen 🚀"));
    expect(field).toBe(octets("jürgen 🚀"));
    expect(new Headers({ "x-user": field }).get("x-user")).toBe(field);
  });

  it("is set to their text where the runtime itself sends fields as UTF-8, as workerd does", () => {
    vi.stubGlobal("Headers", function Headers() {}); // takes whatever it is given
    expect(fieldOfOctets(octets("jürgen 🚀"))).toBe("jürgen 🚀");
    expect(fieldOfOctets("juergen")).toBe("juergen");
    expect(fieldOfOctets(octets("\ufeffjürgen"))).toBe("\ufeffjürgen");
  });
});
