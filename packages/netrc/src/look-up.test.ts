import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { parseNetrc } from "./parse.ts";

describe("a look-up", () => {
  it("finds IPv6 with and without brackets, in the file as in the question", () => {
    for (const written of ["::1", "[::1]"]) {
      const netrc = parseNetrc(`machine ${written} login ada password pw1`);
      for (const asked of ["::1", "[::1]"]) expect(netrc.find(asked)).toEqual({ login: "ada", password: "pw1" });
    }
  });

  it("takes a trailing dot for another name", () => {
    expect(parseNetrc("machine example.com login ada password pw1").find("example.com.")).toBeUndefined();
    expect(parseNetrc("machine example.com. login ada password pw1").find("example.com.")).toBeDefined();
  });

  it.each(["__proto__", "constructor", "_tokens", "toString"])("takes %s for a host like any other", (host) => {
    expect(parseNetrc("machine a.example login ada password pw1").find(host)).toBeUndefined();
    expect(parseNetrc(`machine ${host} login ada password pw1`).find(host)).toEqual({ login: "ada", password: "pw1" });
  });

  it("prefers an entry of the host to a default that stands before it", () => {
    const netrc = parseNetrc("default login any password pwd\nmachine a.example login ada password pw1");
    expect(netrc.find("a.example")).toEqual({ login: "ada", password: "pw1" });
  });

  it("keeps default away from a host whose own entry is empty or incomplete (CVE-2024-11053, CVE-2025-0167)", () => {
    const netrc = parseNetrc("machine a.example\nmachine b.example login bob\ndefault login any password pwd");
    expect(netrc.find("a.example")).toBeUndefined();
    expect(netrc.find("b.example")).toEqual({ login: "bob" });
  });

  it("gives another user's password to nobody (CVE-2026-8926)", () => {
    const netrc = parseNetrc("machine a.example login ada password pw1\ndefault login any password pwd");
    expect(netrc.find("a.example", "eve")).toBeUndefined();
    expect(netrc.find("b.example", "eve")).toBeUndefined();
    expect(netrc.find("a.example", "any")).toEqual({ login: "any", password: "pwd" });
  });

  it("shows no entry to inspect and JSON", () => {
    const netrc = parseNetrc("machine a.example login ada password s3cret");
    expect(inspect(netrc, { depth: Infinity, showHidden: true })).not.toContain("s3cret");
    expect(JSON.stringify(netrc)).toBe("{}");
  });
});

describe("parseNetrc", () => {
  it("refuses bytes, which have to be decoded first", () => {
    const bytes = Buffer.from("machine a.example") as unknown as string;
    expect(() => parseNetrc(bytes)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
  });

  it("names the file that the text came from in errors", () => {
    expect(() => parseNetrc("machine", { file: "team.netrc" })).toThrow("Line 1 of team.netrc: ");
    expect(() => parseNetrc("machine")).toThrow("Line 1 of the netrc text: ");
  });
});
