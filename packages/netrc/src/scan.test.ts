import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NetrcError } from "#netrc-error";
import { netrcFile } from "./fixtures/netrc-file.ts";
import { type Entry, scan, SIZE_LIMIT } from "./scan.ts";

const saidBy = ({ host, login, password, account }: Entry): object => ({ host, login, password, account });

function errorOf(text: string, file?: string): NetrcError {
  try {
    scan(text, file);
  } catch (error) {
    if (error instanceof NetrcError) return error;
  }
  throw new Error("it was read");
}

describe("the scanner", () => {
  it("reads what a file says, whatever its comments, macros, quotes and line ends", () => {
    fc.assert(
      fc.property(netrcFile, ({ text, said, macros }) => {
        const found = scan(text);
        expect(found.entries.map(saidBy)).toEqual(said);
        expect(found.macros.map(({ start, end }) => text.slice(start, end).trimEnd())).toEqual(
          macros.map((macro) => macro.trimEnd()),
        );
      }),
    );
  });

  it("knows where each piece stands", () => {
    fc.assert(
      fc.property(netrcFile, ({ text }) => {
        for (const { host, start, end, headEnd, fields } of scan(text).entries) {
          expect(text.slice(start, headEnd)).toMatch(host === undefined ? /^default$/i : /^machine\s/i);
          for (const { name, key, value } of fields) {
            expect(text.slice(key.start, key.end).toLowerCase().replace("user", "login")).toBe(name);
            expect(scan(`machine a login ${text.slice(value?.start, value?.end)}`).entries[0]?.login).toBe(
              value?.value,
            );
            expect(value?.end).toBeLessThanOrEqual(end);
          }
        }
      }),
    );
  });

  it("reads bytes as it reads characters", () => {
    fc.assert(
      fc.property(netrcFile, ({ text }) => {
        const octets = scan(Buffer.from(text).toString("latin1"));
        const decoded = octets.entries.map((entry) =>
          Object.fromEntries(
            Object.entries(saidBy(entry)).map(([key, said]) => [
              key,
              said && Buffer.from(said as string, "latin1").toString(),
            ]),
          ),
        );
        expect(decoded).toEqual(scan(text).entries.map(saidBy));
      }),
    );
  });

  it("fails with a typed error or not at all, on any text", () => {
    const unit = fc.constantFrom(
      "machine ",
      "default ",
      "macdef ",
      "login ",
      "password ",
      '"',
      "\\",
      "#",
      "\n",
      "\r",
      " ",
      "x",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        try {
          scan(text);
        } catch (error) {
          expect(error).toBeInstanceOf(NetrcError);
        }
      }),
    );
  });

  it.each([
    ["blank lines", "\n".repeat(SIZE_LIMIT)],
    ["blank lines with CR LF", "\r\n".repeat(SIZE_LIMIT / 2)],
    ["blanks", `machine a${" ".repeat(SIZE_LIMIT - 9)}`],
    ["one long host", `machine ${"a".repeat(SIZE_LIMIT - 8)}`],
    ["one long quoted value", `machine a login "${"\\\\".repeat(SIZE_LIMIT / 2 - 9)}"`],
    ["empty quotes", `machine a ${'"'.repeat(SIZE_LIMIT - 10)}`],
    ["comments", "#\n".repeat(SIZE_LIMIT / 2)],
    ["macros that never end", "macdef ".repeat(SIZE_LIMIT / 7)],
    ["macros that end at once", "macdef m\n\n".repeat(SIZE_LIMIT / 10)],
    ["a macro with nearly blank lines", `macdef m\n${`${" ".repeat(1000)}x\n`.repeat(1040)}`],
    ["machines", "machine a\n".repeat(SIZE_LIMIT / 10)],
    ["the line that hangs netrc-parser", `machine ${"a".repeat(28)} # c\r\n`.repeat(20_000)],
  ])("reads 1 MiB of hostile text, in linear time: %s", (_, text) => {
    expect(text.length).toBeGreaterThan(SIZE_LIMIT / 2);
    expect(() => scan(text)).not.toThrow();
  });

  it("reads a file that may take netrc-parser forever", () => {
    const { entries } = scan(`machine ${"h".repeat(28)} # c\r\n  login ada\r\n  password pw1\r\n`);
    expect(entries.map(saidBy)).toEqual([{ host: "h".repeat(28), login: "ada", password: "pw1", account: undefined }]);
  });

  it("leaves an entry that is commented out as it is", () => {
    expect(scan("# machine a.example login ada password pw1\nmachine b.example\n").entries).toHaveLength(1);
  });
});

describe("an error of the scanner", () => {
  it.each([
    ["LF", "\n"],
    ["CR LF", "\r\n"],
    ["CR", "\r"],
  ])("names the file and the line, counted by %s", (_, end) => {
    const error = errorOf(`machine a.example${end}  login ada${end}  password "s3cret${end}`, "/home/ada/.netrc");
    expect(error).toMatchObject({ code: "ERR_AUTHFLOW_NETRC_SYNTAX", file: "/home/ada/.netrc", line: 3 });
    expect(error.message).toMatch(/^Line 3 of \/home\/ada\/.netrc: the quote that opens here is never closed/);
  });

  it("never holds a value", () => {
    for (const text of ['machine s3cret login s3cret password "s3cret', "s3cret s3cret", "machine s3cret\0"]) {
      const error = errorOf(text, ".netrc");
      expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain("s3cret");
    }
  });

  it.each([
    ["machine without a host", "\n machine", 2, "ERR_AUTHFLOW_NETRC_SYNTAX"],
    ["text that is no netrc file", "foo bar", 1, "ERR_AUTHFLOW_NETRC_SYNTAX"],
    ["a backslash at the end of a quote that is still open", 'machine "a\\', 1, "ERR_AUTHFLOW_NETRC_SYNTAX"],
    ["text of UTF-16", "m\0a\0c\0h\0i\0n\0e\0", undefined, "ERR_AUTHFLOW_NETRC_ENCODING"],
    ["text over 1 MiB", " ".repeat(SIZE_LIMIT + 1), undefined, "ERR_AUTHFLOW_NETRC_TOO_LARGE"],
  ])("tells of %s", (_, text, line, code) => {
    expect(errorOf(text)).toMatchObject({ code, line, file: undefined });
  });
});
