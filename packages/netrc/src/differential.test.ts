// What this package reads, beside what the curl and the Python of this machine read from the same files, and beside what
// they read from files that it edited.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setCredentials } from "./credentials.ts";
import { type NetrcCase, netrcCases, readingOf } from "./fixtures/cases.ts";

const run = promisify(execFile);
const curl = versionOf("curl", /^curl (\d+\.\d+\.\d+)/);
// Before 3.11, Python's module read words as a shell does.
const python = versionOf("python3", /^Python (3\.(?:1[1-9]|[2-9]\d)\.\d+)/);

function versionOf(command: string, pattern: RegExp): string | undefined {
  return pattern.exec(String(spawnSync(command, ["--version"]).stdout))?.[1];
}

let folder: string;
let server: Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "netrc-"));
  // Answers with the credentials that were sent, or with nothing.
  server = createServer((request, response) => {
    const [, encoded = ""] = /^Basic (.*)$/.exec(request.headers.authorization ?? "") ?? [];
    response.end(Buffer.from(encoded, "base64"));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** `login:password` as curl sends it to a host, empty if it sends none, `error` if it refuses the file. */
async function readByCurl(file: string, host: string, login?: string): Promise<string> {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  const user = login === undefined ? "" : `${encodeURIComponent(login)}@`;
  const name = host.includes(":") ? `[${host}]` : host;
  const to = ["--connect-to", `::127.0.0.1:${address.port}`, "--noproxy", "*", "--max-time", "20"];
  try {
    const { stdout } = await run("curl", ["-q", "-s", "--netrc-file", file, ...to, `http://${user}${name}/`], {
      encoding: "buffer",
    });
    return stdout.toString(stdout.includes(0xe9) && stdout.length < 10 ? "latin1" : "utf8");
  } catch {
    return "error";
  }
}

/** What this package reads, in the form of `readByCurl`. curl sends a login of the URL also without an entry for it. */
function asSent(one: NetrcCase): string {
  const reading = readingOf(one);
  if (reading === "error") return "error";
  if (reading === null) return one.login === undefined ? "" : `${one.login}:`;
  return `${reading.login ?? ""}:${reading.password ?? ""}`;
}

/** Whether a case says that a version of curl reads something else. Between the two that it knows, both have to agree. */
function curlDiffers({ differ }: NetrcCase): boolean {
  return curl === "7.88.1" ? differ.includes("curl-7.88.1") : differ.some((reader) => reader.startsWith("curl-"));
}

describe.runIf(curl)(`curl ${curl ?? "(left out: curl is not installed)"}`, () => {
  it.each(netrcCases().filter((one) => !curlDiffers(one)))("reads $id alike", async (one) => {
    const file = join(folder, one.id);
    writeFileSync(file, one.file);
    const sent = await readByCurl(file, one.host, one.login);
    if (one.expect === "error") expect(["error", ""]).toContain(sent);
    else expect(sent).toBe(asSent(one));
  });

  it.runIf(curl === "7.88.1").each(netrcCases().filter(curlDiffers))("reads $id otherwise, as it says", async (one) => {
    const file = join(folder, one.id);
    writeFileSync(file, one.file);
    expect(await readByCurl(file, one.host, one.login)).not.toBe(asSent(one));
  });

  it("reads what was set here", async () => {
    const file = join(folder, "set-for-curl");
    for (const [index, password] of VALUES.entries()) {
      await setCredentials(file, `h${index}.example`, { login: "a b", password });
      expect(await readByCurl(file, `h${index}.example`)).toBe(`a b:${password}`);
    }
  });
});

// Values that have to be quoted, or not.
const VALUES = ["pw1", "", "two words", 'a"b', '"', "a\\b", "\\", "#x", "a#b", "ünï🔑", "'q'"];

/** What Python's module reads, in the form of the cases. */
interface PythonReading {
  readonly [id: string]: [login: string, account: string | null, password: string] | null | "error";
}

const PROGRAM = `
import json, netrc, sys
found = {}
for id, file, host in json.load(sys.stdin):
    try:
        found[id] = netrc.netrc(file).authenticators(host)
    except Exception:
        found[id] = "error"
json.dump(found, sys.stdout)`;

function readByPython(files: readonly (readonly [id: string, file: string, host: string])[]): PythonReading {
  // UTF-8 whatever the locale; -I keeps what stands in the surroundings out.
  const { stdout, stderr, status } = spawnSync("python3", ["-I", "-X", "utf8", "-c", PROGRAM], {
    input: JSON.stringify(files),
  });
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout)) as PythonReading; // as the program above writes it
}

describe.runIf(python)(`Python ${python ?? "(left out: python3, 3.11 or newer, is not installed)"}`, () => {
  // Its look-ups have no login, so the cases about one say nothing about it.
  const cases = netrcCases().filter(({ login }) => login === undefined);
  const differs = ({ differ }: NetrcCase): boolean => differ.includes("python");
  let found: PythonReading;
  beforeAll(() => {
    for (const { id, file } of cases) writeFileSync(join(folder, id), file);
    found = readByPython(cases.map(({ id, host }) => [id, join(folder, id), host.toLowerCase()] as const));
  });

  /** In the form of the cases. Python has an empty text for what isn't there. */
  function readingOfPython(id: string): string {
    const reading = found[id];
    if (!Array.isArray(reading)) return reading ?? "nothing";
    const [login, account, password] = reading.map((part) => part ?? "");
    return login || password ? JSON.stringify([login, account, password]) : "nothing";
  }

  function readingHere(one: NetrcCase): string {
    const reading = readingOf(one);
    if (reading === null || reading === "error") return reading ?? "nothing";
    return JSON.stringify([reading.login ?? "", reading.account ?? "", reading.password ?? ""]);
  }

  it.each(cases.filter((one) => !differs(one)))("reads $id alike", (one) => {
    expect(readingOfPython(one.id)).toBe(readingHere(one));
  });

  it.each(cases.filter(differs))("reads $id otherwise, as it says", (one) => {
    expect(readingOfPython(one.id)).not.toBe(readingHere(one));
  });

  it("reads what was set here", async () => {
    const file = join(folder, "set-for-python");
    for (const [index, password] of VALUES.entries()) {
      await setCredentials(file, `h${index}.example`, { login: "a b", password });
    }
    const read = readByPython(VALUES.map((_, index) => [String(index), file, `h${index}.example`] as const));
    expect(Object.values(read).map((reading) => reading?.at(-1))).toEqual(VALUES);
    expect(readFileSync(file, "utf8")).toContain('login "a b"');
  });
});
