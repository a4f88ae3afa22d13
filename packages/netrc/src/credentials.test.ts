import * as fs from "node:fs";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeCredentials, setCredentials } from "./credentials.ts";
import { openNetrc } from "./file.ts";
import { replaceFile } from "./replace-file.ts";

const TO = { login: "finley", password: "s3cret" };
const ENTRY = "machine a.example\n  login finley\n  password s3cret\n";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "netrc-"));
  file = join(folder, ".netrc");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const text = (): string => readFileSync(file, "utf8");
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("setCredentials", () => {
  it("creates a missing file that only its owner can read, and leaves nothing else behind", async () => {
    await setCredentials(file, "a.example", TO);
    expect(text()).toBe(ENTRY);
    if (process.getuid !== undefined) expect(modeOf(file)).toBe(0o600);
    expect(readdirSync(folder)).toEqual([".netrc"]);
  });

  it("takes a file URL", async () => {
    await setCredentials(pathToFileURL(file), "a.example", TO);
    expect(text()).toBe(ENTRY);
  });

  it("is seen by a netrc that is open", async () => {
    writeFileSync(file, "default login any password pwd\n");
    const netrc = openNetrc({ file });
    expect(netrc()?.find("a.example")?.login).toBe("any");
    await setCredentials(file, "a.example", TO);
    expect(netrc()?.find("a.example")).toEqual(TO);
    await removeCredentials(file, "a.example");
    expect(netrc()?.find("a.example")?.login).toBe("any");
  });

  it("leaves a file alone that says so already", async () => {
    await setCredentials(file, "a.example", TO);
    const { ino, mtimeMs } = statSync(file);
    await setCredentials(file, "A.EXAMPLE", TO);
    expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  });

  it("takes away the rights of others to read the file", async () => {
    writeFileSync(file, "machine b\n", { mode: 0o644 });
    await setCredentials(file, "a.example", TO);
    if (process.getuid !== undefined) expect(modeOf(file)).toBe(0o600);
  });

  it.runIf(process.getuid?.() === 0)("leaves a user the owner of a file that root edits", async () => {
    writeFileSync(file, "machine b\n", { mode: 0o600 });
    fs.chownSync(file, 12_345, 12_345);
    await setCredentials(file, "a.example", TO);
    expect(statSync(file)).toMatchObject({ uid: 12_345, gid: 12_345 });
  });

  it("replaces what a symbolic link points to, and keeps the link", async () => {
    fs.mkdirSync(join(folder, "dotfiles"));
    const real = join(folder, "dotfiles", "netrc");
    writeFileSync(real, "machine b\n");
    symlinkSync(join("dotfiles", "netrc"), file);
    await setCredentials(file, "a.example", TO);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toBe(`machine b\n${ENTRY}`);
    expect(readdirSync(dirname(real))).toEqual(["netrc"]);
  });

  it("creates what a symbolic link points to", async () => {
    symlinkSync("later", file);
    await setCredentials(file, "a.example", TO);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "later"), "utf8")).toBe(ENTRY);
  });

  it("keeps a symbolic link into a folder that isn't there", async () => {
    symlinkSync("missing/later", file);
    await expect(setCredentials(file, "a.example", TO)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_NETRC_EDIT",
      file,
    });
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
  });

  it("keeps Latin-1 where the file is in it, and every byte of it", async () => {
    const before = Buffer.from("# caf\u00E9\nmachine b login \u00FC\n", "latin1");
    writeFileSync(file, before);
    await setCredentials(file, "a.example", { login: "ada", password: "p\u00E9" });
    const added = Buffer.from("machine a.example\n  login ada\n  password p\u00E9\n", "latin1");
    expect(readFileSync(file)).toEqual(Buffer.concat([before, added]));
    const refused = setCredentials(file, "a.example", { login: "ada", password: "🔑" });
    await expect(refused).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_VALUE" });
  });

  it("keeps the mark of UTF-8 at the start of the file", async () => {
    writeFileSync(file, "\uFEFFmachine b\r\n");
    await setCredentials(file, "a.example", { login: "ünï", password: "🔑" });
    expect(text()).toBe("\uFEFFmachine b\r\nmachine a.example\r\n  login ünï\r\n  password 🔑\r\n");
  });

  it.each([
    ["münchen.example", "xn--mnchen-3ya.example"],
    ["API.Example.com", "api.example.com"],
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["my_host", "my_host"],
    ["__proto__", "__proto__"],
  ])("writes the host %s as requests name it", async (host, written) => {
    await setCredentials(file, host, TO);
    expect(text().split("\n")[0]).toBe(`machine ${written}`);
  });

  it.each(["", "https://a.example", "a.example/path", "a.example:8080", "ada@a.example", "a b", "a\nb", "a.example#b"])(
    "refuses %j, which is no host",
    async (host) => {
      await expect(setCredentials(file, host, TO)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_VALUE" });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it.each([
    ["login", { login: "s3cret\n", password: "x" }],
    ["password", { login: "x", password: "s3cret\u0000" }],
  ])("refuses control characters in the %s without naming it", async (name, credentials) => {
    const refused = setCredentials(file, "a.example", credentials);
    await expect(refused).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_VALUE" });
    await expect(refused).rejects.toThrow(name);
    await expect(refused).rejects.not.toThrow("s3cret");
  });

  it("refuses a lone surrogate, which no file holds", async () => {
    const refused = setCredentials(file, "a.example", { login: "x", password: "\uD800" });
    await expect(refused).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_EDIT" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves a file alone that it does not understand", async () => {
    writeFileSync(file, 'machine b password "open\n');
    await expect(setCredentials(file, "a.example", TO)).rejects.toMatchObject({
      code: "ERR_AUTHFLOW_NETRC_SYNTAX",
      line: 1,
    });
    expect(text()).toBe('machine b password "open\n');
    expect(readdirSync(folder)).toEqual([".netrc"]);
  });

  it("refuses a file that would grow over 1 MiB", async () => {
    writeFileSync(file, "\n".repeat(1_048_570));
    await expect(setCredentials(file, "a.example", TO)).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_TOO_LARGE" });
  });

  it.each([
    ["a folder", () => folder],
    ["a folder that isn't there", () => join(folder, "missing", ".netrc")],
    ["a device", () => "/dev/null"],
  ])("refuses %s", async (_, path) => {
    const refused = setCredentials(path(), "a.example", TO);
    await expect(refused).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_EDIT", file: path() });
  });
});

describe("removeCredentials", () => {
  it("says whether there were any", async () => {
    writeFileSync(file, `# mine\n${ENTRY}machine b\n`);
    expect(await removeCredentials(file, "A.example")).toBe(true);
    expect(text()).toBe("# mine\nmachine b\n");
    expect(await removeCredentials(file, "a.example")).toBe(false);
  });

  it("creates no file", async () => {
    expect(await removeCredentials(join(folder, "missing", ".netrc"), "a.example")).toBe(false);
    expect(await removeCredentials(file, "a.example")).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("removes what setCredentials would not write", async () => {
    writeFileSync(file, "machine a.example:8080 login x\nmachine münchen.example login y\nmachine b\n");
    expect(await removeCredentials(file, "a.example:8080")).toBe(true);
    expect(await removeCredentials(file, "münchen.example")).toBe(true);
    expect(text()).toBe("machine b\n");
  });

  it("refuses to turn Latin-1 into what reads as UTF-8", async () => {
    const before = Buffer.from("machine a.example login \u00FC\nmachine b login \u00C3\u00BC\n", "latin1");
    writeFileSync(file, before);
    await expect(removeCredentials(file, "a.example")).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_EDIT", file });
    expect(readFileSync(file)).toEqual(before);
    writeFileSync(file, before.subarray(0, before.indexOf("machine b")));
    expect(await removeCredentials(file, "a.example")).toBe(true);
  });

  it("leaves default alone", async () => {
    writeFileSync(file, "default login x\n");
    expect(await removeCredentials(file, "default")).toBe(false);
  });
});

describe("a file that changes while it is edited", () => {
  it("is read again, so that what somebody else wrote without the lock stays", async () => {
    writeFileSync(file, "machine b\n");
    let runs = 0;
    await replaceFile(file, (bytes) => {
      runs += 1;
      if (runs === 1) writeFileSync(file, "machine b\nmachine c\n");
      return Buffer.concat([bytes, Buffer.from("machine d\n")]);
    });
    expect(text()).toBe("machine b\nmachine c\nmachine d\n");
    expect(readdirSync(folder)).toEqual([".netrc"]);
  });

  it("is read again when it appears or goes meanwhile", async () => {
    let runs = 0;
    await replaceFile(file, (bytes) => {
      runs += 1;
      if (runs === 1) writeFileSync(file, "machine b\n");
      if (runs === 2) rmSync(file);
      return Buffer.concat([bytes, Buffer.from("machine d\n")]);
    });
    expect(text()).toBe("machine d\n");
  });

  it("is given up on when it never rests", async () => {
    let runs = 0;
    const edit = replaceFile(file, (bytes) => {
      runs += 1;
      writeFileSync(file, "#".repeat(runs));
      return Buffer.concat([bytes, Buffer.from("machine d\n")]);
    });
    await expect(edit).rejects.toMatchObject({ code: "ERR_AUTHFLOW_NETRC_LOCKED" });
    expect(text()).toBe("#".repeat(runs));
    expect(readdirSync(folder)).toEqual([".netrc"]);
  });

  it("is edited again by who lost the lock", async () => {
    let runs = 0;
    await replaceFile(file, (bytes) => {
      runs += 1;
      if (runs === 1) rmSync(`${file}.lock`, { recursive: true });
      return Buffer.concat([bytes, Buffer.from("machine d\n")]);
    });
    expect(runs).toBe(2);
    expect(text()).toBe("machine d\n");
  });

  it("loses nothing to many edits in one process", async () => {
    const hosts = Array.from({ length: 12 }, (_, index) => `h${index}.example`);
    await Promise.all(hosts.map((host) => setCredentials(file, host, TO)));
    const netrc = openNetrc({ file })();
    for (const host of hosts) expect(netrc?.find(host)).toEqual(TO);
  });
});
