import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type * as NetrcParser from "netrc-parser";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { canonicalText } from "./canonical.ts";
import { openNetrc } from "./file.ts";
import { netrcFile } from "./fixtures/netrc-file.ts";
import type { NetrcEntry } from "./look-up.ts";
import { scan } from "./scan.ts";
import { tableOf } from "./table.ts";

const require = createRequire(import.meta.url);
// The module that table.ts loads, since `require` keeps one copy.
const parser = require("netrc-parser") as typeof NetrcParser;

const saidBy = ({ host, login, password, account }: NetrcEntry): object => ({ host, login, password, account });

describe("the table of netrc-parser", () => {
  it("holds what was scanned, for every file", () => {
    fc.assert(
      fc.property(netrcFile, ({ text }) => {
        const { entries } = scan(text);
        expect(tableOf(entries).map(saidBy)).toEqual(entries.map(saidBy));
      }),
    );
  });

  it.each(["__proto__", "constructor", "_tokens", "host", "host.", "m0", "#", "machine", " ", "ÿ🔑%25"])(
    "holds an entry in which everything is %j",
    (value) => {
      const entry = { host: value, login: value, password: value, account: value };
      expect(tableOf([entry, entry]).map(saidBy)).toEqual([entry, entry]);
    },
  );

  it("tells an empty value from none, and default from a host", () => {
    const entries = [
      { host: "", login: "", password: undefined, account: undefined },
      { host: undefined, login: undefined, password: "", account: undefined },
    ];
    expect(tableOf(entries).map(saidBy)).toEqual(entries);
  });

  it("holds 100,000 entries in time linear in their number", () => {
    const entries = scan("machine a\n".repeat(100_000)).entries;
    expect(tableOf(entries)).toHaveLength(100_000);
  });
});

describe("what reaches netrc-parser", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "netrc-"));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it("is canonical text, never the text of the file", () => {
    const parse = vi.spyOn(parser, "parse");
    const load = vi.spyOn(parser.Netrc.prototype, "loadSync");
    const file = join(folder, ".netrc");
    let machines = 0;
    fc.assert(
      fc.property(netrcFile, ({ text, said, comments, macros }) => {
        parse.mockClear();
        writeFileSync(file, text);
        openNetrc({ file })()?.find("a.example");
        const given = parse.mock.calls.map(([body]) => body).join("");
        // Machines by number, then their fields: nothing that a line of a file could be taken for.
        expect(given).toMatch(/^(?:machine m\d+\n(?: {2}(?:host\.|login|password|account) v[\w.!~*'()%-]*\n)*)*$/);
        expect(given.match(/^machine/gm) ?? []).toHaveLength(said.length);
        for (const raw of [...comments, ...macros]) expect(given).not.toContain(raw);
        machines += said.length;
      }),
    );
    expect(machines).toBeGreaterThan(0);
    expect(load).not.toHaveBeenCalled();
  });

  it("is nothing of a comment that holds an entry", () => {
    const parse = vi.spyOn(parser, "parse");
    const file = join(folder, ".netrc");
    writeFileSync(
      file,
      "# machine old.example login ada password s3cret\nmachine new.example login ada password pw1\n",
    );
    expect(openNetrc({ file })()?.find("old.example")).toBeUndefined();
    expect(parse.mock.calls).toEqual([
      [canonicalText([{ host: "new.example", login: "ada", password: "pw1", account: undefined }])],
    ]);
  });

  it("is read from its table by look-ups", () => {
    const table: Record<string, Record<string, string>> = {
      m0: { "host.": "va.example", login: "veve", password: "vother" },
    };
    vi.spyOn(parser, "parse").mockReturnValue(table);
    const file = join(folder, ".netrc");
    writeFileSync(file, "machine a.example login ada password pw1\n");
    expect(openNetrc({ file })()?.find("a.example")).toEqual({ login: "eve", password: "other" });
  });
});

describe("netrc-parser", () => {
  // In a process of its own, since this one has loaded it. `source` is the text of a file, or null for no file.
  function isLoadedAfter(source: string | null, expression: string): boolean {
    const folder = mkdtempSync(join(tmpdir(), "netrc-"));
    try {
      const file = join(folder, ".netrc");
      if (source !== null) writeFileSync(file, source, { mode: 0o600 });
      const program = `
        const { openNetrc } = await import(${JSON.stringify(new URL("file.ts", import.meta.url).href)});
        const { parseNetrc } = await import(${JSON.stringify(new URL("text.ts", import.meta.url).href)});
        ${expression};
        const { createRequire } = await import("node:module");
        const loaded = Object.keys(createRequire(import.meta.url).cache);
        console.log(loaded.some((path) => path.includes("netrc-parser")));`;
      const out = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { env: { HOME: folder } });
      return out.toString().trim() === "true";
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it("is not loaded before a file is found", () => {
    expect(isLoadedAfter(null, "openNetrc({})()?.find('a.example')")).toBe(false);
  });

  it("is not loaded for a text", () => {
    expect(isLoadedAfter(null, "parseNetrc('machine a.example login ada password pw1').find('a.example')")).toBe(false);
  });

  it("is not loaded by reading a file, even one that hangs it", () => {
    expect(isLoadedAfter(`machine ${"a".repeat(28)} # c\r\n`, "openNetrc({})")).toBe(false);
  });

  it("is loaded by the first look-up in a file", () => {
    const look = "openNetrc({})().find('other.example')";
    expect(isLoadedAfter("machine a.example login ada password pw1\n", look)).toBe(true);
  });
});
