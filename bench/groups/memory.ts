// What an upload of 1 GiB takes, in a process of its own each time.
import { MEBIBYTE, mebibytes } from "../report/units.ts";
import type { Group } from "./group.ts";
import { UPLOAD_COLUMNS, type UploadKind, uploadRows } from "./upload-kinds.ts";

const BARE = "bare fetch, 200";
const BARE_REFUSED = "bare fetch, 401 at the end";
const HERE = { platform: "undici", server: "server.ts" } as const;

const KINDS: readonly UploadKind[] = [
  { ...HERE, name: BARE, sender: "bare", path: "/open", outcome: "200" },
  { ...HERE, name: "basic, 200", sender: "basic", path: "/open", outcome: "200", against: BARE, isLimited: true },
  { ...HERE, name: BARE_REFUSED, sender: "bare", path: "/refused", outcome: "401" },
  {
    ...HERE,
    name: "basic, preemptive: false, 401 at the end: BodyNotReplayableError",
    sender: "basic, preemptive: false",
    path: "/refused",
    outcome: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE",
    against: BARE_REFUSED,
    isLimited: true,
  },
  {
    ...HERE,
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
    return {
      columns: UPLOAD_COLUMNS,
      rows: await uploadRows(KINDS, size, rounds),
      notes: [
        `A stream of ${mebibytes(size)}, generated in chunks of 64 KiB. The medians of ${rounds} uploads of each kind, taken in turn, each in a process of its own, and so is the server.`,
        "Garbage is collected every 8 MiB, so that the figures are what is held and not when V8 gets to it. Without that, bare fetch differs from bare fetch by up to 50 MiB. `replayLimit` is the default of 1 MiB.",
      ],
    };
  },
};
