import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileStore } from "../file.ts";
import { API, type Server, serving, settled, TOKEN_ENDPOINT, type ServiceOptions } from "../fixtures/server.ts";
import { standingStill } from "../fixtures/stand-still.ts";
import { clientCredentials, OAuth2Error, refreshToken } from "../index.ts";
import { acquire, type FileLock } from "./lock.ts";

/** The lock on the key `mine`: its name holds the first digits of the SHA-256 of the key as JSON. */
const LOCK = "tokens.json.034dcbd253e0ddf404a2dbb2c85052f6.lock";
const POSIX = process.platform !== "win32";
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oauth2-"));
  file = join(folder, "tokens.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const service = (server: Server, options: ServiceOptions = {}): typeof server =>
  clientCredentials({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "service", clientSecret: "s3cret", ...options })(server);
/** Another process that gets tokens under the key `mine`. */
const held = (): Promise<FileLock> => acquire(join(folder, LOCK), 60_000, settled);
const fails = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("fileStore", () => {
  it("keeps the tokens for the next start, in a file for this user alone", async () => {
    const server = serving();
    for (const path of [file, pathToFileURL(file)]) {
      expect((await service(server, { store: fileStore(path, { key: "mine" }) })(API)).status).toBe(200);
    }
    expect(server.forms).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
    if (POSIX) expect(statSync(file).mode & 0o777).toBe(0o600);
    const { mine } = JSON.parse(readFileSync(file, "utf8")) as { mine: string };
    expect(JSON.parse(mine)).toMatchObject({ accessToken: "access-1" });
  });

  it.each([
    ["nothing, as an environment variable that isn't set", process.env["AUTHFLOW_TEST_UNSET"]],
    ["an empty text", ""],
    ["a number", 3],
    ["the home folder of a shell, which would be a folder named `~` in the present one", "~/tokens.json"],
    ["the same of Windows", String.raw`~\tokens.json`],
  ])("takes no path that is %s: it is refused at once", (_, path) => {
    expect(() => fileStore(path as string)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHFLOW_INVALID_OPTION",
        message:
          "`path` is no text, or empty (is its environment variable set?), or begins with `~` (use `homedir()`).",
      }),
    );
  });

  it("takes a path in which a `~` stands for itself", async () => {
    const path = join(folder, "~/~tokens.json");
    await service(serving(), { store: fileStore(path) })(API);
    expect(readdirSync(join(folder, "~"))).toEqual(["~tokens.json"]);
  });

  it("makes the folder, for this user alone", async () => {
    const deep = join(folder, "a/b/tokens.json");
    await service(serving(), { store: fileStore(deep) })(API);
    expect(readdirSync(join(folder, "a/b"))).toEqual(["tokens.json"]);
    if (POSIX) expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o700);
  });

  it("keeps the tokens of several grants, which don't wait for one another", async () => {
    const server = serving();
    const store = fileStore(file);
    const names = ["a", "b", "c", "d", "e"];
    await Promise.all(names.map((scope) => service(server, { store, scope })(API)));
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)).toHaveLength(5);
    expect(new Set(server.forms.map((form) => form.get("scope")))).toEqual(new Set(names));
  });

  it.runIf(POSIX)("replaces what a link points to, and leaves the link", async () => {
    mkdirSync(join(folder, "real"));
    const real = join(folder, "real/tokens.json");
    writeFileSync(real, "{}", { mode: 0o600 });
    symlinkSync(real, file);
    await service(serving(), { store: fileStore(file, { key: "mine" }) })(API);
    expect(readdirSync(folder).toSorted()).toEqual(["real", "tokens.json"]);
    expect(Object.keys(JSON.parse(readFileSync(real, "utf8")) as object)).toEqual(["mine"]);
  });

  it.runIf(POSIX)("takes no file that others can read or change: nothing is sent, and it stays as it is", async () => {
    for (const mode of [0o644, 0o640, 0o604, 0o620]) {
      writeFileSync(file, '{"mine":"pl4nted"}');
      chmodSync(file, mode);
      const server = serving();
      const error = await fails(service(server, { store: fileStore(file, { key: "mine" }) })(API));
      expect(error).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
      expect((error as Error).message).toMatch(/others can read or change it. `chmod 600` it\.$/);
      expect(server.forms).toHaveLength(0);
      expect(statSync(file).mode & 0o777).toBe(mode);
    }
  });

  it.each(["", "pl4nted", '"pl4nted"', '["pl4nted"]', '{"mine":"pl4nted', "null"])(
    "takes no file that holds something else, and doesn't show it: %j",
    async (content) => {
      writeFileSync(file, content, { mode: 0o600 });
      const error = await fails(service(serving(), { store: fileStore(file, { key: "mine" }) })(API));
      expect(error).toBeInstanceOf(OAuth2Error);
      expect(error).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
      expect(inspect(error, { depth: 9 })).not.toContain("pl4nted");
      expect(readFileSync(file, "utf8")).toBe(content);
    },
  );

  it("says what the system says when the file is none", async () => {
    mkdirSync(file, { mode: 0o700 });
    const error = await fails(service(serving(), { store: fileStore(file) })(API));
    expect(error).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE", cause: { code: "EISDIR" } });
  });

  it("waits for another process that gets tokens, and takes those", async () => {
    const server = serving();
    const store = fileStore(file, { key: "mine" });
    await service(server, { store })(API);
    server.expire();
    const [present] = Object.values(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
    await service(server, { store: fileStore(file, { key: "other" }) })(API);
    const lock = await held();
    const call = service(server, { store })(API);
    for (let turn = 0; turn < 20; turn++) await settled();
    expect(server.forms).toHaveLength(2);
    const tokens = { ...(JSON.parse(present ?? "") as object), accessToken: "access-2" };
    // In one step, as every process does it.
    writeFileSync(`${file}.new`, JSON.stringify({ mine: JSON.stringify(tokens) }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    await lock.release();
    expect((await call).status).toBe(200);
    expect([server.forms.length, server.authorizations.at(-1)]).toEqual([2, "Bearer access-2"]);
  });

  it("takes over a lock whose holder gave no sign of life for 5 s, and takes its litter away", async () => {
    const names = [LOCK, "tokens.json.writing"];
    for (const name of names) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "0123456789abcdef"), "half");
      const then = Date.now() / 1000 - 6;
      for (const path of [join(folder, name, "0123456789abcdef"), join(folder, name)]) utimesSync(path, then, then);
    }
    expect((await service(serving(), { store: fileStore(file, { key: "mine" }) })(API)).status).toBe(200);
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });

  it("spends no refresh token when its lock was lost", async () => {
    const server = serving();
    const backend = fileStore(file, {
      key: "mine",
      decrypt: (text) => {
        // Another process took this one for dead.
        rmSync(join(folder, LOCK), { recursive: true, force: true });
        return text;
      },
    });
    const login = (): typeof server =>
      refreshToken({ tokenEndpoint: TOKEN_ENDPOINT, clientId: "app", tokens: server.login(), store: backend })(server);
    expect((await login()(API)).status).toBe(200);
    server.expire();
    expect(await fails(login()(API))).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
    expect(server.forms).toHaveLength(1);
  });

  it("stores at once what it got, though it stood still at whatever step while another took its lock and stored its own", async () => {
    let asleep = 0;
    let steps: number;
    do {
      asleep++;
      const own = mkdtempSync(join(folder, "step-"));
      const path = join(own, "tokens.json");
      const failures: unknown[] = [];
      const store = fileStore(path, { key: "mine" });
      const authFetch = service(serving(), { store, onFailed: ({ error }) => failures.push(error) });
      const another = (): void => {
        for (const name of readdirSync(own)) {
          if (name.includes(".writing")) rmSync(join(own, name), { recursive: true });
        }
        const contents = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as object) : {};
        writeFileSync(`${path}.new`, JSON.stringify({ ...contents, another: "theirs" }), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      };
      steps = await standingStill(
        async () => expect((await authFetch(API)).status, `step ${asleep}`).toBe(200),
        (step) => {
          if (step === asleep) another();
        },
      );
      expect(failures, `step ${asleep}`).toEqual([]);
      const keys = Object.keys(JSON.parse(readFileSync(path, "utf8")) as object).toSorted();
      expect(keys, `step ${asleep}`).toEqual(asleep <= steps ? ["another", "mine"] : ["mine"]);
      expect(readdirSync(own), `step ${asleep}`).toEqual(["tokens.json"]);
    } while (asleep <= steps);
    expect(steps).toBeGreaterThan(10);
  });

  it("leaves a lock alone whose holder is alive, however long it takes", async () => {
    const server = serving();
    const lock = await held();
    const error = await fails(service(server, { store: fileStore(file, { key: "mine" }), timeLimit: 400 })(API));
    expect(error).toMatchObject({ code: "ERR_AUTHFLOW_OAUTH2_STORE" });
    expect(server.forms).toHaveLength(0);
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
  });
});
