import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NetrcError } from "#netrc-error";
import { openNetrc } from "./file.ts";
import { locateNetrc } from "./locate.ts";

const ADA = "machine a.example login ada password pw1\n";
const BOB = "machine a.example login bob password pw2\n";
const POSIX = process.getuid !== undefined;

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "netrc-"));
  file = join(home, ".netrc");
});
afterEach(() => {
  vi.restoreAllMocks();
  syncNames();
  rmSync(home, { recursive: true });
});

const loginOf = (netrc: ReturnType<typeof openNetrc>): string | undefined => netrc()?.find("a.example")?.login;

function errorOf(run: () => unknown): NetrcError {
  try {
    run();
  } catch (error) {
    if (error instanceof NetrcError) return error;
  }
  throw new Error("it went well");
}

describe("where the file is looked for", () => {
  it("is the file that code names, before NETRC, before the home", () => {
    expect(locateNetrc("/a/b", { NETRC: "/c", HOME: "/d" }, "linux")).toEqual({ paths: ["/a/b"], named: true });
    expect(locateNetrc(undefined, { NETRC: "/c", HOME: "/d" }, "linux")).toEqual({ paths: ["/c"], named: true });
    expect(locateNetrc(undefined, { NETRC: "", HOME: "/d" }, "linux")).toEqual({ paths: ["/d/.netrc"], named: false });
  });

  it("is a file URL as well", () => {
    expect(locateNetrc(pathToFileURL(file), {}).paths).toEqual([file]);
  });

  it("is .netrc and then _netrc on Windows, in HOME or else USERPROFILE", () => {
    expect(locateNetrc(undefined, { USERPROFILE: "/d" }, "win32").paths).toEqual(["/d/.netrc", "/d/_netrc"]);
    expect(locateNetrc(undefined, { HOME: "/h", USERPROFILE: "/d" }, "win32").paths[0]).toBe("/h/.netrc");
  });

  it("is nowhere if the given environment has no home", () => {
    expect(locateNetrc(undefined, {}, "linux")).toEqual({ paths: [], named: false });
  });
});

describe("a file that isn't there", () => {
  it("is an error at once where somebody named it", () => {
    expect(errorOf(() => openNetrc({ file }))).toMatchObject({ code: "ERR_AUTHFLOW_NETRC_NOT_FOUND", file });
    expect(errorOf(() => openNetrc({ env: { NETRC: file } })).code).toBe("ERR_AUTHFLOW_NETRC_NOT_FOUND");
  });

  it("means no credentials at the default place, until it is there", () => {
    const netrc = openNetrc({ env: { HOME: home } });
    expect(netrc()).toBeUndefined();
    writeFileSync(file, ADA, { mode: 0o600 });
    expect(loginOf(netrc)).toBe("ada");
    rmSync(file);
    expect(netrc()).toBeUndefined();
  });

  it("is an error when it is taken away later, and none of what it said is used", () => {
    writeFileSync(file, ADA);
    const netrc = openNetrc({ file });
    rmSync(file);
    expect(errorOf(netrc).code).toBe("ERR_AUTHFLOW_NETRC_NOT_FOUND");
  });
});

describe("a place that can't be looked at", () => {
  const nowhere = "n".repeat(10_000); // longer than a name may be

  it("is an error where somebody named it", () => {
    expect(errorOf(() => openNetrc({ file: nowhere })).code).toBe("ERR_AUTHFLOW_NETRC_UNREADABLE");
  });

  it("means no credentials at the default place, as with curl", () => {
    expect(openNetrc({ env: { HOME: nowhere } })()).toBeUndefined();
  });
});

describe("reading", () => {
  it("happens once for any number of look-ups", () => {
    writeFileSync(file, ADA);
    const open = vi.spyOn(process.getBuiltinModule("node:fs"), "openSync");
    syncNames();
    const netrc = openNetrc({ file });
    for (let count = 0; count < 10; count += 1) expect(loginOf(netrc)).toBe("ada");
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("happens again when the file was replaced", () => {
    writeFileSync(file, ADA);
    const netrc = openNetrc({ file });
    writeFileSync(join(home, "new"), BOB);
    renameSync(join(home, "new"), file);
    expect(loginOf(netrc)).toBe("bob");
  });

  it("happens again when the time of the file changed", () => {
    writeFileSync(file, ADA);
    utimesSync(file, 1, 1);
    const netrc = openNetrc({ file });
    writeFileSync(file, BOB);
    utimesSync(file, 2, 2);
    expect(loginOf(netrc)).toBe("bob");
  });

  it("happens again when the size of the file changed", () => {
    writeFileSync(file, ADA);
    const netrc = openNetrc({ file });
    writeFileSync(file, `${BOB}# longer\n`);
    expect(loginOf(netrc)).toBe("bob");
  });

  it("follows a symbolic link to where it points now", () => {
    writeFileSync(join(home, "one"), ADA);
    writeFileSync(join(home, "two"), BOB);
    symlinkSync(join(home, "one"), file);
    const netrc = openNetrc({ file });
    expect(loginOf(netrc)).toBe("ada");
    rmSync(file);
    symlinkSync(join(home, "two"), file);
    expect(loginOf(netrc)).toBe("bob");
  });

  it("fails as long as the file can't be read, and forgets what it said before", () => {
    writeFileSync(file, ADA);
    const netrc = openNetrc({ file });
    writeFileSync(file, 'machine a.example login "ada\n');
    expect(errorOf(netrc)).toMatchObject({ code: "ERR_AUTHFLOW_NETRC_SYNTAX", file, line: 1 });
    expect(errorOf(netrc)).toMatchObject({ code: "ERR_AUTHFLOW_NETRC_SYNTAX" });
    writeFileSync(file, BOB);
    expect(loginOf(netrc)).toBe("bob");
  });

  it.runIf(POSIX)("reads nothing from /dev/null, which switches netrc off", () => {
    expect(openNetrc({ env: { NETRC: "/dev/null" } })()?.find("a.example")).toBeUndefined();
  });

  it.each([
    ["a folder", (path: string) => mkdirSync(path), "ERR_AUTHFLOW_NETRC_UNREADABLE"],
    [
      "a file over 1 MiB",
      (path: string) => writeFileSync(path, "\n".repeat(1_048_577)),
      "ERR_AUTHFLOW_NETRC_TOO_LARGE",
    ],
    [
      "UTF-16",
      (path: string) => writeFileSync(path, Buffer.from(`\uFEFF${ADA}`, "utf16le")),
      "ERR_AUTHFLOW_NETRC_ENCODING",
    ],
    [
      "UTF-16 without a mark",
      (path: string) => writeFileSync(path, Buffer.from(ADA, "utf16le")),
      "ERR_AUTHFLOW_NETRC_ENCODING",
    ],
  ])("refuses %s", (_, make, code) => {
    make(file);
    expect(errorOf(() => openNetrc({ file }))).toMatchObject({ code, file });
  });

  it.runIf(POSIX)("reads no more than 1 MiB from a file without an end", () => {
    expect(errorOf(() => openNetrc({ file: "/dev/zero" })).code).toBe("ERR_AUTHFLOW_NETRC_TOO_LARGE");
  });

  it("reads UTF-8 with a mark, and Latin-1 where it is no UTF-8", () => {
    writeFileSync(file, `\uFEFF${ADA.replace("pw1", "pé")}`);
    expect(openNetrc({ file })()?.find("a.example")?.password).toBe("pé");
    writeFileSync(file, Buffer.from(ADA.replace("pw1", "pé"), "latin1"));
    expect(openNetrc({ file })()?.find("a.example")?.password).toBe("pé");
  });
});

describe.runIf(POSIX)("a file that others can read", () => {
  beforeEach(() => {
    writeFileSync(file, ADA);
    chmodSync(file, 0o640);
  });

  it("is an error at the default place, which names the remedy", () => {
    const error = errorOf(() => openNetrc({ env: { HOME: home } }));
    expect(error).toMatchObject({ code: "ERR_AUTHFLOW_NETRC_PERMISSIONS", file });
    expect(error.message).toContain(`chmod 600 ${file}`);
    chmodSync(file, 0o600);
    expect(loginOf(openNetrc({ env: { HOME: home } }))).toBe("ada");
  });

  it("is an error as soon as its mode says so, and no longer", () => {
    chmodSync(file, 0o600);
    const netrc = openNetrc({ env: { HOME: home } });
    expect(loginOf(netrc)).toBe("ada");
    chmodSync(file, 0o604);
    expect(errorOf(netrc).code).toBe("ERR_AUTHFLOW_NETRC_PERMISSIONS");
    chmodSync(file, 0o600);
    expect(loginOf(netrc)).toBe("ada");
  });

  it("is read with a warning where that is the rule", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    expect(loginOf(openNetrc({ env: { HOME: home }, permissions: "warn" }))).toBe("ada");
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(file), {
      code: "ERR_AUTHFLOW_NETRC_PERMISSIONS",
    });
  });

  it("is read in silence where that is the rule", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    expect(loginOf(openNetrc({ env: { HOME: home }, permissions: "ignore" }))).toBe("ada");
    expect(warn).not.toHaveBeenCalled();
  });

  it("is read where somebody named it, unless a rule is given", () => {
    expect(loginOf(openNetrc({ file }))).toBe("ada");
    expect(loginOf(openNetrc({ env: { NETRC: file } }))).toBe("ada");
    expect(errorOf(() => openNetrc({ file, permissions: "error" })).code).toBe("ERR_AUTHFLOW_NETRC_PERMISSIONS");
  });
});

it("refuses a rule that is none, since a typo must not open a file", () => {
  writeFileSync(file, ADA, { mode: 0o600 });
  const options = { file, permissions: "strict" as "error" };
  expect(() => openNetrc(options)).toThrow(expect.objectContaining({ code: "ERR_AUTHFLOW_INVALID_OPTION" }));
});

describe.runIf(POSIX)("a file of another user", () => {
  it("is an error at the default place", () => {
    writeFileSync(file, ADA, { mode: 0o600 });
    const user = process.getuid?.() ?? 0;
    vi.spyOn(process, "getuid").mockReturnValue(user + 1);
    const error = errorOf(() => openNetrc({ env: { HOME: home } }));
    expect(error.code).toBe("ERR_AUTHFLOW_NETRC_PERMISSIONS");
    expect(error.message).toContain("belongs to another user");
  });
});

// Named imports of a built-in module follow a spy only after this.
function syncNames(): void {
  process.getBuiltinModule("node:module").syncBuiltinESMExports();
}
