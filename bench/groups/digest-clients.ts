// Who is measured against the strict digest server.
import { digest } from "@authflow/digest";
import { peer } from "../peers/install.ts";
import { run } from "../../scripts/workspace/run.ts";

/** The calls of one client, which remembers from one call to the next what it can. */
export interface Calls {
  /** The URL below which each call has a path of its own; it ends with a slash. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly count: number;
  readonly atOnce: boolean;
  /** How many calls come before, in turn, that are not counted. */
  readonly before: number;
}

/** How a call ended: its status, or what the client complained of. */
export type Ending = number | string;

export interface DigestClient {
  readonly name: string;
  /** It wants challenges that don't name their algorithm, which is MD5 then. */
  readonly assumesMd5?: boolean;
  /** `undefined` where it has no such thing. Rejects where the client isn't there. */
  readonly make: (calls: Calls) => Promise<readonly Ending[] | undefined>;
}

type Get = (url: string) => Promise<number>;

export const OURS: DigestClient = {
  name: "digest",
  make: (calls) => inTurnOrAtOnce(calls, withOurs(calls)),
};

export const PEERS: readonly DigestClient[] = [
  { name: "digest-fetch 3", make: async (calls) => inTurnOrAtOnce(calls, await withDigestFetch(calls)) },
  { name: "urllib 4 (npm)", assumesMd5: true, make: async (calls) => inTurnOrAtOnce(calls, await withUrllib(calls)) },
  { name: "urllib (Python)", make: withPython },
  { name: "curl --digest", make: withCurl },
];

function withOurs({ username, password }: Calls): Get {
  const authFetch = digest({ username, password })(fetch);
  return async (url) => statusOf(await authFetch(url));
}

interface DigestFetch {
  readonly default: new (
    username: string,
    password: string,
    options: { readonly algorithm: string },
  ) => { fetch(url: string, init: RequestInit): Promise<Response> };
}

async function withDigestFetch({ username, password }: Calls): Promise<Get> {
  const { default: DigestFetchClient } = await peer<DigestFetch>("digest-fetch");
  const client = new DigestFetchClient(username, password, { algorithm: "MD5" }); // which it doesn't read off the challenge
  return async (url) => statusOf(await client.fetch(url, {}));
}

interface Urllib {
  readonly request: (url: string, options: { readonly digestAuth: string }) => Promise<{ readonly status: number }>;
}

async function withUrllib({ username, password }: Calls): Promise<Get> {
  const { request } = await peer<Urllib>("urllib");
  return async (url) => (await request(url, { digestAuth: `${username}:${password}` })).status;
}

async function withPython(calls: Calls): Promise<readonly Ending[]> {
  const program = new URL("../peers/digest-urllib.py", import.meta.url).pathname;
  const { url, username, password, count, atOnce, before } = calls;
  const order = atOnce ? "at once" : "in turn";
  const said = await outputOf("python3", [program, url, username, password, String(count), order, String(before)]);
  return JSON.parse(said) as Ending[]; // as that program prints it
}

/** Bare: one process, with one connection or as many as there are calls. */
async function withCurl(calls: Calls): Promise<readonly Ending[] | undefined> {
  const { url, username, password, count, atOnce, before } = calls;
  if (before > 0 && atOnce) return undefined; // one process does the one or the other
  const order = atOnce ? ["--parallel", "--parallel-immediate", "--parallel-max", String(count)] : [];
  const output = ["--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}\n"];
  const target = `${url}[1-${count}]`; // which curl counts through
  const user = ["--digest", "--user", `${username}:${password}`];
  const said = await outputOf("curl", [...output, ...order, ...user, target]);
  return said.trim().split("\n").map(Number);
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { code, output, stdout } = await run(program, args, { timeout: 60_000 });
  if (code !== 0 && stdout === "") throw new Error(`${program}: ${output.trim()}`);
  return stdout;
}

async function inTurnOrAtOnce({ url, count, atOnce, before }: Calls, get: Get): Promise<readonly Ending[]> {
  const ending = (path: string): Promise<Ending> =>
    get(url + path).catch((error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : "failed"));
  for (let call = 0; call < before; call++) await ending(`before-${call}`);
  const paths = Array.from({ length: count }, (_, call) => String(call));
  if (atOnce) return Promise.all(paths.map(ending));
  const endings: Ending[] = [];
  for (const path of paths) endings.push(await ending(path));
  return endings;
}

async function statusOf(response: Response): Promise<number> {
  await response.arrayBuffer();
  return response.status;
}
