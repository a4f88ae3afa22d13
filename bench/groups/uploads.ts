// What an upload takes under Digest, where a challenge is known, where it is asked for first, and where it comes too late.
import type { Platform } from "../children/upload.ts";
import { MEBIBYTE, mebibytes } from "../report/units.ts";
import type { Group } from "./group.ts";
import { UPLOAD_COLUMNS, type UploadKind, uploadRows } from "./upload-kinds.ts";

const PLATFORMS: readonly Platform[] = ["undici", "Node"];

export const uploads: Group = {
  title: "Uploads under Digest",
  async measure(quick) {
    const size = quick ? 32 * MEBIBYTE : 256 * MEBIBYTE;
    const rounds = quick ? 1 : 3;
    return {
      columns: UPLOAD_COLUMNS,
      rows: await uploadRows(PLATFORMS.flatMap(kindsOn), size, rounds),
      notes: [
        `A stream of ${mebibytes(size)} to the strict server of \`@authflow/testing\`, which reads it whole before it answers; the medians of ${rounds} uploads of each kind, measured as those above. Warm is after a GET; what is cold has been nowhere.`,
        "Node's own fetch keeps the whole of a streamed upload, bare as well: what counts is the difference.",
      ],
    };
  },
};

function kindsOn(platform: Platform): UploadKind[] {
  const bare = `${platform}'s fetch, bare, 200`;
  const here = { platform, server: "digest-server.ts" } as const;
  const limited = { ...here, against: bare, isLimited: true, path: "/protected" } as const;
  return [
    { ...here, name: bare, sender: "bare", path: "/open", isWarm: true, outcome: "200" },
    { ...limited, name: `${platform}, digest, warm: 200`, sender: "digest", isWarm: true, outcome: "200" },
    { ...limited, name: `${platform}, digest, probe: head, cold: 200`, sender: "digest, probe: head", outcome: "200" },
    {
      ...limited,
      name: `${platform}, digest, probe: empty, cold: 200`,
      sender: "digest, probe: empty",
      outcome: "200",
    },
    {
      ...limited,
      name: `${platform}, digest, cold: BodyNotReplayableError`,
      sender: "digest",
      outcome: "ERR_AUTHFLOW_BODY_NOT_REPLAYABLE",
    },
  ];
}
