import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NetrcError } from "#netrc-error";
import { withCredentials, withoutCredentials } from "./edit.ts";
import { host as anyHost, netrcFile, type Said, value } from "./fixtures/netrc-file.ts";
import { comparableHost } from "./look-up.ts";
import { parseNetrc } from "./parse.ts";
import { type Entry, scan } from "./scan.ts";

const TO = { login: "finley", password: "s3cret" };
const saidBy = ({ host, login, password, account }: Entry): Said => ({ host, login, password, account });
const isFor = (wanted: string) => (said: Said) =>
  said.host !== undefined && comparableHost(said.host) === comparableHost(wanted);

// What a request can carry; hosts as they may be written bare.
const carried = value.filter((text) => !/[\u0000-\u001F\u007F]/.test(text));
const named = anyHost.filter((text) => !/[\u0000-\u0020"#\\]/.test(text));
const login = fc.oneof(carried, fc.constantFrom("ada", "a#b"));

describe("setting credentials in a text", () => {
  it("changes the one entry and nothing else, whatever the file", () => {
    fc.assert(
      fc.property(netrcFile, named, login, carried, (file, name, user, password) => {
        const text = withCredentials(file.text, name, { login: user, password }, "F");
        expect(parseNetrc(text).find(name, user)).toMatchObject({ login: user, password });
        const now = scan(text).entries.map(saidBy);
        const isNew = !file.said.some(isFor(name));
        expect(now).toHaveLength(file.said.length + (isNew ? 1 : 0));
        const at = isNew
          ? now.findIndex(isFor(name))
          : now.findIndex((said, index) => JSON.stringify(said) !== JSON.stringify(file.said[index]));
        if (at !== -1) expect(now[at]).toMatchObject({ login: user, password });
        const others = now.filter((_, index) => index !== at);
        expect(others).toEqual(at === -1 ? file.said : file.said.filter((_, index) => isNew || index !== at));
        for (const kept of [...file.comments, ...file.macros]) expect(text).toContain(kept);
      }),
    );
  });

  it("keeps every byte outside of the values, the words that it adds and what parts them", () => {
    fc.assert(
      fc.property(netrcFile, named, (file, name) => {
        const text = withCredentials(file.text, name, TO, "F");
        // Each byte of the old text that isn't in the new one, in its order, belongs to a value that was replaced.
        const { entries } = scan(file.text);
        const values = entries.filter(isFor(name)).flatMap(({ fields }) => fields.map((field) => field.value));
        let at = 0;
        let kept = "";
        for (const word of values) {
          if (word === undefined) continue;
          kept += file.text.slice(at, word.start);
          at = word.end;
        }
        expect(isWithin(kept + file.text.slice(at), text)).toBe(true);
      }),
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(netrcFile, named, (file, name) => {
        const once = withCredentials(file.text, name, TO, "F");
        expect(withCredentials(once, name, TO, "F")).toBe(once);
      }),
    );
  });

  it.each([
    ["an empty file", "", "machine a.example\n  login finley\n  password s3cret\n"],
    ["a file without a line end", "machine b", "machine b\nmachine a.example\n  login finley\n  password s3cret\n"],
    ["a file with CR LF", "machine b\r\n", "machine b\r\nmachine a.example\r\n  login finley\r\n  password s3cret\r\n"],
    ["a file with CR", "machine b\r", "machine b\rmachine a.example\r  login finley\r  password s3cret\r"],
    ["default", "default login x\n", "machine a.example\n  login finley\n  password s3cret\ndefault login x\n"],
    [
      "the comments above default",
      "machine b # x\n\n# for\n  # all\n  default login x\n",
      "machine b # x\n\nmachine a.example\n  login finley\n  password s3cret\n# for\n  # all\n  default login x\n",
    ],
    [
      "default in the middle of a line",
      "machine b default login x\n",
      "machine b machine a.example\n  login finley\n  password s3cret\ndefault login x\n",
    ],
    [
      "the first of two defaults",
      "default login x\nmachine b\ndefault\n",
      "machine a.example\n  login finley\n  password s3cret\ndefault login x\nmachine b\ndefault\n",
    ],
    [
      "what looks like a comment in a quoted value",
      'machine b password "\n# c"\ndefault\n',
      'machine b password "\n# c"\nmachine a.example\n  login finley\n  password s3cret\ndefault\n',
    ],
    [
      "a macro that the end of the file ends",
      "macdef m\n  cd /pub\n",
      "macdef m\n  cd /pub\n\nmachine a.example\n  login finley\n  password s3cret\n",
    ],
    [
      "a macro without a line end",
      "macdef m\n  cd /pub",
      "macdef m\n  cd /pub\n\nmachine a.example\n  login finley\n  password s3cret\n",
    ],
    [
      "a macro before default",
      "macdef m\n# c\n\ndefault\n",
      "macdef m\n# c\n\nmachine a.example\n  login finley\n  password s3cret\ndefault\n",
    ],
  ])("adds an entry to, or before, %s", (_, before, after) => {
    expect(withCredentials(before, "a.example", TO, "F")).toBe(after);
  });

  it.each([
    [
      "replaces values where they stand",
      "machine a.example login x password y # c\n",
      "machine a.example login finley password s3cret # c\n",
    ],
    [
      "keeps the order",
      "machine a.example\n password y\n user x\n",
      "machine a.example\n password s3cret\n user finley\n",
    ],
    [
      "keeps the account",
      "machine a.example login x account z password y",
      "machine a.example login finley account z password s3cret",
    ],
    [
      "adds a login like the password",
      "machine a.example # c\n\tpassword y\n",
      "machine a.example # c\n\tlogin finley\n\tpassword s3cret\n",
    ],
    [
      "adds a password like the login",
      "machine a.example\r\n  login x\r\n",
      "machine a.example\r\n  login finley\r\n  password s3cret\r\n",
    ],
    [
      "fills an empty entry",
      "machine a.example # c\nmachine b\n",
      "machine a.example login finley password s3cret # c\nmachine b\n",
    ],
    [
      "fills a value that is missing at the end",
      "machine a.example login x password",
      "machine a.example login finley password s3cret",
    ],
    [
      "takes the last of repeated values",
      "machine a.example login x login y password z",
      "machine a.example login x login finley password s3cret",
    ],
    [
      "parts words that quotes parted",
      'machine a.example login "x"password "y"',
      "machine a.example login finley password s3cret",
    ],
    [
      "finds the host in any letter case",
      "machine A.Example password y",
      "machine A.Example login finley password s3cret",
    ],
    [
      "changes the entry of the login",
      "machine a.example login x password y machine a.example login finley password z",
      "machine a.example login x password y machine a.example login finley password s3cret",
    ],
    [
      "changes the first entry for a login that none has",
      "machine a.example machine a.example login x password y",
      "machine a.example machine a.example login finley password s3cret",
    ],
  ])("%s", (_, before, after) => {
    expect(withCredentials(before, "a.example", TO, "F")).toBe(after);
  });

  it.each([
    ["", '""'],
    ["two words", '"two words"'],
    ['a"b', '"a\\"b"'],
    ["a\\b", '"a\\\\b"'],
    ["#b", '"#b"'],
    ["a'b", "a'b"],
    ["ünï🔑", "ünï🔑"],
  ])("quotes %j only when needed", (password, written) => {
    const text = withCredentials("", "a.example", { login: "ada", password }, "F");
    expect(text).toBe(`machine a.example\n  login ada\n  password ${written}\n`);
  });
});

describe("removing credentials from a text", () => {
  it("removes the entries of the host and nothing else, whatever the file", () => {
    fc.assert(
      fc.property(netrcFile, named, (file, name) => {
        const text = withoutCredentials(file.text, name, "F");
        expect(scan(text).entries.map(saidBy)).toEqual(file.said.filter((said) => !isFor(name)(said)));
        for (const kept of [...file.comments, ...file.macros]) expect(text).toContain(kept);
        expect(isWithin(text, file.text)).toBe(true);
      }),
    );
  });

  it("takes back what setting added, where lines have ends", () => {
    fc.assert(
      fc.property(netrcFile, (file) => {
        const name = "never.example";
        expect(withoutCredentials(withCredentials(file.text, name, TO, "F"), name, "F").trimEnd()).toBe(
          file.text.trimEnd(),
        );
      }),
    );
  });

  it.each([
    [
      "lines of its own",
      "machine b\nmachine a.example\n  login x\n  password y\nmachine c\n",
      "machine b\nmachine c\n",
    ],
    [
      "lines with CR LF",
      "machine b\r\n machine a.example\r\n  login x \t\r\nmachine c\r\n",
      "machine b\r\nmachine c\r\n",
    ],
    ["the start of a line", "machine a.example login x # c\n", "# c\n"],
    ["the end of a line", "machine b  machine a.example login x\nmachine c\n", "machine b\nmachine c\n"],
    ["the middle of a line", "machine b machine a.example login x machine c\n", "machine b machine c\n"],
    ["the end of the file", "machine b\nmachine a.example login x", "machine b\n"],
    ["several places", "machine a.example\nmachine b\n\nmachine A.EXAMPLE login x\n\n", "machine b\n\n\n"],
    ["neighbouring entries", "machine a.example login x machine a.example login y\nmachine b\n", "machine b\n"],
    ["unknown words", "machine a.example protocol https login x\nmachine b\n", "machine b\n"],
    ["a comment inside", "# kept\nmachine a.example # gone\n  login x # kept\n", "# kept\n# kept\n"],
    ["an entry with a macro behind it", "machine a.example login x\nmacdef m\ncd\n\n", "macdef m\ncd\n\n"],
    ["no place at all", "machine b login x\ndefault login a.example\n", "machine b login x\ndefault login a.example\n"],
  ])("takes it out of %s", (_, before, after) => {
    expect(withoutCredentials(before, "a.example", "F")).toBe(after);
  });
});

describe("an edit that would change something else", () => {
  it("is refused, and every other one does what it should, on any text", () => {
    const unit = fc.constantFrom(
      "machine ",
      "default ",
      "macdef ",
      "login ",
      "password ",
      "a.example ",
      '"',
      "#",
      "\n",
      "x",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (before) => {
        try {
          const text = withCredentials(before, "a.example", TO, "F");
          expect(parseNetrc(text).find("a.example", TO.login)).toMatchObject(TO);
          expect(parseNetrc(withoutCredentials(text, "a.example", "F")).find("a.example", TO.login)).not.toMatchObject(
            TO,
          );
        } catch (error) {
          if (!(error instanceof NetrcError)) throw error;
        }
      }),
    );
  });

  it("is refused", () => {
    // Words outside of any entry, with a quote over two lines, whose second looks like a comment above `default`.
    const text = 'machine b\nmacdef m\n\nx "\n# y"\ndefault\n';
    expect(() => withCredentials(text, "a.example", TO, "F")).toThrow(
      expect.objectContaining({ code: "ERR_AUTHFLOW_NETRC_EDIT", file: "F" }),
    );
  });
});

// Whether a text comes out of another one by leaving characters out.
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const char of whole) if (part.startsWith(char, at)) at += char.length;
  return at === part.length;
}
