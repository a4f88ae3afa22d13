import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { InvalidOptionError } from "@authflow/flow";
import { hashOf } from "../stored-entry.ts";
import { type StoreBackend, type StoreOptions, type TokenStore, tokenStore } from "../token-store.ts";
import { readContents, unusable, writeContents } from "./contents.ts";
import { acquire } from "./lock.ts";
import { undefinedIfMissing } from "./node-error.ts";

/** How tokens are kept in a file. */
export type FileStoreOptions = StoreOptions;

/** After how many milliseconds without a sign of life the lock of a process that crashed is broken. */
const EXPIRY = 5000;

/** How long the short lock for a write is waited for: longer than it takes to break one that was left behind. */
const PATIENCE = 10_000;

/**
 * Makes a store in a file that only this user can read (mode 0600), for the next start of a program, and for several
 * processes that share the tokens of one grant: one of them gets new tokens, and the others find them there.
 *
 * The file is replaced in one step, so that it is never half written. While a process gets new tokens, a folder `….lock`
 * stands beside it; if the process crashes, that counts for 5 s.
 *
 * @param path where it is; its folder is made if it isn't there, with mode 0700. The `~` of a shell is nothing here
 * @param options under which key tokens are kept, and how they are encrypted, see {@link StoreOptions}
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for a path that is no text, or empty, or begins with `~/`
 * @throws `ERR_AUTHFLOW_OAUTH2_STORE`, from a call, for a file that can't be used, or that others can read
 *
 * @example
 * ```ts
 * import { mkdtemp, readFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { clientCredentials } from "@authflow/oauth2";
 * import { fileStore } from "@authflow/oauth2/file";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "tokens-")), "tokens.json");
 * const scheme = clientCredentials({
 *   tokenEndpoint: "https://auth.example.com/token",
 *   clientId: "service",
 *   clientSecret: "s3cret",
 *   store: fileStore(path, { key: "service" }),
 * });
 * // Stands for the authorization server and the API.
 * const network = async (url: string) =>
 *   url.endsWith("/token") ? Response.json({ access_token: "mF_9", token_type: "Bearer" }) : new Response("welcome");
 * await scheme(network)("https://api.example.com/");
 * console.log(Object.keys(JSON.parse(await readFile(path, "utf8")))); // → [ 'service' ]
 * ```
 */
export function fileStore(path: string | URL, options?: FileStoreOptions): TokenStore {
  const file = path instanceof URL ? fileURLToPath(path) : path;
  if (typeof file !== "string" || /^($|~[/\\])/.test(file)) {
    throw new InvalidOptionError(
      "`path` is no text, or empty (is its environment variable set?), or begins with `~` (use `homedir()`).",
    );
  }
  const backend: StoreBackend = {
    get: async (key) => reporting(file, async () => (await readContents(file)).get(key)),
    compareAndSet: async (key, expected, next) =>
      reporting(file, async () => {
        const target = await targetOf(file);
        const folder = `${target}.writing`;
        const end = performance.now() + PATIENCE;
        const until = async (): Promise<void> => {
          if (performance.now() > end)
            throw unusable(file, `others keep it locked. Try again; if nobody uses it, delete ${folder}`);
          return moment();
        };
        for (;;) {
          const lock = await acquire(folder, EXPIRY, until);
          try {
            const contents = new Map(await readContents(target));
            if (contents.get(key) !== expected) return false;
            if (next === undefined) contents.delete(key);
            else contents.set(key, next);
            if (await writeContents(target, contents, lock)) return true;
          } finally {
            await lock.release();
          }
          // The lock was lost: this process was stopped for a while.
          await until();
        }
      }),
    // Its lease is as long as the process lives: the lock is touched as long as it does.
    lock: async (key, _lease, signal) =>
      reporting(file, async () => {
        const target = await targetOf(file);
        return acquire(`${target}.${await hashOf(key)}.lock`, EXPIRY, () => {
          signal.throwIfAborted();
          return moment();
        });
      }),
  };
  return tokenStore(backend, options);
}

/** Long enough for others to work, and not the same for all that wait. */
const moment = (): Promise<void> => delay(10 + Math.random() * 20);

/** The file behind all links, in a folder that is there. */
async function targetOf(file: string): Promise<string> {
  const target = await realpath(file).catch(undefinedIfMissing);
  if (target !== undefined) return target;
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(await realpath(folder), basename(file));
}

/** Does some work, and says of which file an error of the system is. */
async function reporting<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw unusable(file, `${error.message}. Check that this process may write there`, { cause: error });
  }
}
