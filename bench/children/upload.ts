// Uploads a generated stream with undici's own fetch, or with Node's, and tells what memory that took. Bare or through a
// scheme, this process loads the same modules, so that the difference is what the upload takes.
import { basic } from "@authflow/basic";
import { digest } from "@authflow/digest";
import { isAuthError } from "@authflow/flow";
import { fetch as undiciFetch } from "undici";
import { MEBIBYTE } from "../report/units.ts";
import { tell } from "./child.ts";

export type Sender =
  | "bare"
  | "by hand"
  | "basic"
  | "basic, preemptive: false"
  | "digest"
  | "digest, probe: head"
  | "digest, probe: empty";

/** Whose fetch it is. */
export type Platform = "undici" | "Node";

/** What an upload took. */
export interface Upload {
  /** The status of the answer, or the code of the error. */
  readonly outcome: string;
  /** The most that was resident, in bytes. */
  readonly rss: number;
  /** The most that was held outside of the heap; ArrayBuffers are the part of it that bodies are made of. */
  readonly external: number;
  readonly arrayBuffers: number;
}

const CHUNK = 64 * 1024;
/** How much is generated between two looks. */
const STRIDE = 8 * MEBIBYTE;

const ACCOUNT = { username: "finley", password: "secret" };
const [url = "", sender = "bare", platform = "undici", size = "0", warmUp = ""] = process.argv.slice(2);
// A cast, since the two have types of their own for what they both take here.
const fetch = platform === "Node" ? (globalThis.fetch as unknown as typeof undiciFetch) : undiciFetch;
const senders: Readonly<Record<Sender, typeof fetch>> = {
  bare: fetch,
  "by hand": sendsTwice,
  basic: basic(ACCOUNT)(fetch),
  "basic, preemptive: false": basic({ ...ACCOUNT, preemptive: false })(fetch),
  digest: digest(ACCOUNT)(fetch),
  "digest, probe: head": digest({ ...ACCOUNT, probe: "head" })(fetch),
  "digest, probe: empty": digest({ ...ACCOUNT, probe: "empty" })(fetch),
};

const send = senders[sender as Sender]; // the group names one of them
if (warmUp === "warm") await (await send(url)).text();
const most = { external: 0, arrayBuffers: 0 };
const outcome = await upload(Number(size));
const rss = process.resourceUsage().maxRSS * 1024; // the system's own record, in KiB: no peak falls between two looks
tell({ ...most, rss, outcome } satisfies Upload);
process.disconnect();

/**
 * Looks at what is held, without garbage: it is chance when that would be collected, and makes tens of MiB from run to run,
 * of bare fetch as well.
 */
function look(): void {
  // There is a `gc`: this program is started with --expose-gc. Twice, since the first may leave the freeing of buffers to
  // another thread, and the second waits for that.
  globalThis.gc?.();
  globalThis.gc?.();
  const { external, arrayBuffers } = process.memoryUsage();
  most.external = Math.max(most.external, external);
  most.arrayBuffers = Math.max(most.arrayBuffers, arrayBuffers);
}

async function upload(bytes: number): Promise<string> {
  try {
    const response = await send(url, { method: "PUT", body: generated(bytes), duplex: "half" });
    await response.text();
    return String(response.status);
  } catch (error) {
    if (isAuthError(error)) return error.code;
    throw error;
  }
}

/** What somebody would write who is asked for credentials only after the upload: the other branch of `tee` keeps it all. */
async function sendsTwice(...[input, init]: Parameters<typeof fetch>): Promise<Awaited<ReturnType<typeof fetch>>> {
  const [first, second] = init?.body instanceof ReadableStream ? init.body.tee() : [];
  if (!first || !second) throw new TypeError("Only streams are uploaded here.");
  const response = await fetch(input, { ...init, body: first });
  if (response.status !== 401) return response;
  await response.text();
  const authorization = `Basic ${btoa("finley:secret")}`;
  return fetch(input, { ...init, body: second, headers: { authorization } });
}

/** A stream of that many bytes. Each chunk is a new one: whoever kept them all would keep them in memory. */
function generated(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = new Uint8Array(Math.min(CHUNK, left)).fill(left % 251);
        if (left % STRIDE === 0) look();
        left -= chunk.byteLength;
        if (chunk.byteLength > 0) controller.enqueue(chunk);
        if (left === 0) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
