import { Child } from "../children/child.ts";
import type { Platform, Sender, Upload } from "../children/upload.ts";
import { differences, median } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { MEBIBYTE, mebibytes, signed } from "../report/units.ts";

/** A way to upload, and what may come of it. */
export interface UploadKind {
  readonly name: string;
  readonly sender: Sender;
  readonly platform: Platform;
  /** The program that is uploaded to, and the path there. */
  readonly server: "server.ts" | "digest-server.ts";
  readonly path: "/open" | "/protected" | "/refused";
  /** Whether a GET goes before. */
  readonly isWarm?: boolean;
  /** What has to come of it. */
  readonly outcome: string;
  /** The one that it is compared with. */
  readonly against?: string;
  /** Whether it has a limit. */
  readonly isLimited?: boolean;
}

/** How many bytes more than what it is compared with one may take. */
const LIMIT = 16 * MEBIBYTE;

export const UPLOAD_COLUMNS: readonly string[] = [
  "",
  "peak RSS",
  "peak external",
  "peak arrayBuffers",
  "more RSS",
  "more arrayBuffers",
  "limit",
  "",
];

/** Uploads a stream in each of these ways, in turn, round by round, in a process of its own each time. */
export async function uploadRows(kinds: readonly UploadKind[], size: number, rounds: number): Promise<Row[]> {
  const uploads = new Map<string, Upload[]>(kinds.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) uploads.get(kind.name)?.push(await upload(kind, size));
  }
  return kinds.map((kind) => rowOf(kind, uploads));
}

async function upload(kind: UploadKind, size: number): Promise<Upload> {
  const { name, sender, platform, path, isWarm, outcome } = kind;
  await using server = new Child(kind.server);
  const url = new URL(path, await server.next<string>()).href;
  await using client = new Child("upload.ts", url, sender, platform, String(size), isWarm ? "warm" : "cold");
  const found = await client.next<Upload>();
  if (found.outcome !== outcome) throw new Error(`${name}: the upload ended with ${found.outcome}.`);
  return found;
}

function rowOf(kind: UploadKind, uploads: ReadonlyMap<string, readonly Upload[]>): Row {
  const { name, against, isLimited = false } = kind;
  const own = uploads.get(name) ?? [];
  const base = against === undefined ? undefined : uploads.get(against);
  const rss = base && more(own, base, "rss");
  const buffers = base && more(own, base, "arrayBuffers");
  return {
    cells: [
      name,
      mebibytes(median(own.map((one) => one.rss))),
      mebibytes(median(own.map((one) => one.external))),
      mebibytes(median(own.map((one) => one.arrayBuffers))),
      rss === undefined ? "" : signed(mebibytes(rss)),
      buffers === undefined ? "" : signed(mebibytes(buffers)),
      isLimited ? `≤ ${mebibytes(LIMIT)}` : "",
    ],
    within: isLimited ? Math.max(rss ?? 0, buffers ?? 0) <= LIMIT : undefined,
  };
}

function more(own: readonly Upload[], base: readonly Upload[], what: "rss" | "arrayBuffers"): number {
  return median(
    differences(
      own.map((one) => one[what]),
      base.map((one) => one[what]),
    ),
  );
}
