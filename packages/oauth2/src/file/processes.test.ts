import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ExpiringServer, expiringServer } from "../fixtures/expiring-server.ts";
import type { ProcessOptions } from "../fixtures/token-process.ts";

// Where there is time: eight processes of fifty requests. Else as many as show the same.
const [PROCESSES, WORKERS, REQUESTS] = process.env["CI"] ? [8, 10, 5] : [3, 5, 4];

let program: string; // one file, so that each of the many processes starts fast
let folder: string;
let file: string;
beforeAll(async () => {
  program = join(mkdtempSync(join(tmpdir(), "oauth2-")), "program.mjs");
  const source = fileURLToPath(new URL("../fixtures/token-process.ts", import.meta.url));
  await build({ entryPoints: [source], outfile: program, bundle: true, platform: "node", format: "esm" });
});
afterAll(() => rmSync(dirname(program), { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oauth2-"));
  file = join(folder, "tokens.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(server: ExpiringServer, name: string, options: Partial<ProcessOptions> = {}): ChildProcess {
  const { tokenUrl, login } = server;
  const work = { name, workers: WORKERS, requests: REQUESTS, timeLimit: 10_000, ...options };
  const told: ProcessOptions = { file, tokenUrl, url: server.url(), login, ...work };
  return spawn(process.execPath, [program, JSON.stringify(told)], { stdio: ["ignore", "pipe", "inherit"] });
}
const outcomesOf = async ({ stdout }: ChildProcess): Promise<unknown> => JSON.parse(stdout ? await text(stdout) : "");

/** What becomes of the requests of all processes. */
async function run(server: ExpiringServer): Promise<unknown> {
  const processes = Array.from({ length: PROCESSES }, (_, index) => start(server, String(index)));
  return Promise.all(processes.map(outcomesOf));
}
const allGood = Array.from({ length: PROCESSES }, () => ({ 200: WORKERS * REQUESTS }));

describe(`${PROCESSES} processes with one token file, ${WORKERS * REQUESTS} requests each, and refresh tokens that are good once`, () => {
  it("make one refresh for each expiry, and all requests succeed", async () => {
    await using server = await expiringServer(PROCESSES * WORKERS, REQUESTS);
    expect(await run(server)).toEqual(allGood);
    expect([server.refreshed, server.reused]).toEqual([1 + server.expiries, 0]);
    expect(server.expiries).toBeGreaterThan(0);
    // Nothing is left but the file, whole and for nobody else's eyes.
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)).toEqual(["app"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("go on when the one that refreshes is killed (SIGKILL) in the middle of it", async () => {
    let victim: ChildProcess | undefined;
    let killed = 0;
    await using server = await expiringServer(PROCESSES * WORKERS, REQUESTS, () => {
      if (killed > 0) return undefined;
      killed++;
      victim?.kill("SIGKILL");
      // The server sees that nobody waits for an answer, and spends no refresh token.
      return 503;
    });
    victim = start(server, "victim");
    await once(victim, "exit");
    const [lock = "", ...others] = readdirSync(folder);
    expect([killed, others]).toEqual([1, []]);
    // As if the 5 s were over for which its lock counts.
    const then = Date.now() / 1000 - 6;
    const claims = readdirSync(join(folder, lock)).map((name) => join(folder, lock, name));
    expect(claims).toHaveLength(1);
    for (const path of [...claims, join(folder, lock)]) utimesSync(path, then, then);
    expect(await run(server)).toEqual(allGood);
    expect([server.refreshed, server.reused]).toEqual([1 + server.expiries, 0]);
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });
});
