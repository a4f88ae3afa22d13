// What an upload of 1 GiB takes, in a process of its own each time.
import { Child } from "../children/child.ts";
import type { Sender, Upload } from "../children/upload.ts";
import { differences, median } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { MEBIBYTE, mebibytes, signed } from "../report/units.ts";
import type { Group } from "./group.ts";

interface Kind {
  readonly name: string;
  readonly sender: Sender;
  readonly path: "/open" | "/protected" | "/refused";
  /** What has to come of it. */
  readonly outcome: string;
  /** The one that it is compared with. */
  readonly against?: string;
  /** How many bytes more it may take. */
  readonly limit?: number;
}

const LIMIT = 16 * MEBIBYTE;
const BARE = "bare fetch, 200";
const BARE_REFUSED = "bare fetch, 401 at the end";

const KINDS: readonly Kind[] = [
  { name: BARE, sender: "bare", path: "/open", outcome: "200" },
  { name: "basic, 200", sender: "basic", path: "/open", outcome: "200", against: BARE, limit: LIMIT },
  { name: BARE_REFUSED, sender: "bare", path: "/refused", outcome: "401" },
  {
    name: "basic, preemptive: false, 401 at the end: BodyNotReplayableError",
    sender: "basic, preemptive: false",
    path: "/refused",
    outcome: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE",
    against: BARE_REFUSED,
    limit: LIMIT,
  },
  {
    name: "by hand with tee(), 401 at the end, sent again: 200",
    sender: "by hand",
    path: "/protected",
    outcome: "200",
    against: BARE_REFUSED,
  },
];

export const memory: Group = {
  title: "Memory of an upload, on undici's own fetch",
  async measure(quick) {
    const size = quick ? 128 * MEBIBYTE : 1024 * MEBIBYTE;
    const rounds = quick ? 1 : 3;
    const uploads = new Map<string, Upload[]>(KINDS.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const kind of KINDS) uploads.get(kind.name)?.push(await upload(kind, size));
    }
    return {
      columns: ["", "peak RSS", "peak external", "peak arrayBuffers", "more RSS", "more arrayBuffers", "limit", ""],
      rows: KINDS.map((kind) => rowOf(kind, uploads)),
      notes: [
        `A stream of ${mebibytes(size)}, generated in chunks of 64 KiB. The medians of ${rounds} uploads of each kind, taken in turn, each in a process of its own, and so is the server.`,
        "Garbage is collected every 8 MiB, so that the figures are what is held and not when V8 gets to it. Without that, bare fetch differs from bare fetch by up to 50 MiB. `replayLimit` is the default of 1 MiB.",
      ],
    };
  },
};

async function upload({ name, sender, path, outcome }: Kind, size: number): Promise<Upload> {
  await using server = new Child("server.ts");
  const url = (await server.next<string>()) + path;
  await using client = new Child("upload.ts", url, sender, String(size));
  const found = await client.next<Upload>();
  if (found.outcome !== outcome) throw new Error(`${name}: the upload ended with ${found.outcome}.`);
  return found;
}

function rowOf({ name, against, limit }: Kind, uploads: ReadonlyMap<string, readonly Upload[]>): Row {
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
      limit === undefined ? "" : `≤ ${mebibytes(limit)}`,
    ],
    within: limit === undefined ? undefined : Math.max(rss ?? 0, buffers ?? 0) <= limit,
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
