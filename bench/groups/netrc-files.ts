// What it costs to find a password in a file: the first time, every other time, and when the file is hostile.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { basic } from "@authflow/basic";
import { isAuthError } from "@authflow/flow";
import { netrc } from "@authflow/netrc";
import { parse } from "netrc-parser";
import { Child } from "../children/child.ts";
import type { FirstLookUp } from "../children/first-look-up.ts";
import { type Case, interleave, type Timing } from "../measure/interleave.ts";
import { median, quantile, ratios } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { ratio, time } from "../report/units.ts";
import type { Group } from "./group.ts";
import { HOSTILE_TEXTS } from "./hostile-netrc.ts";
import { MockNext } from "./mock-next.ts";

/** Microseconds: for a first look-up in a file of 100 machines, for a file of 1 MiB that means harm, and for a short one. */
const FIRST_LIMIT = 500;
const HOSTILE_LIMIT = 500_000;
const HANGING_LIMIT = 5000;
/** netrc-parser takes exponential time for it. */
const HANGING = `machine ${"a".repeat(28)} # c\r\n`;
const CALLS = 4;
const WARM = "warm look-up, 100 machines";
const URL_TEXT = "https://host-50.example.com/";

export const netrcFiles: Group = {
  title: "netrc: files of 100 machines, and hostile ones",
  async measure(quick) {
    const folder = mkdtempSync(join(tmpdir(), "authflow-bench-"));
    try {
      return {
        columns: ["", "median", "p10", "processor", "ratio", "limit", ""],
        rows: [
          ...(await lookUps(folder, quick)),
          ...(await firstOfAProcess(folder, quick)),
          ...(await hostileFiles(folder, quick)),
        ],
        notes: [
          "A call through `netrc()` with a mock `next`, which includes the runner; the first makes the scheme, reads the file and scans it; what is the first of its process runs code that nothing has compiled yet, and the look-up loads netrc-parser, which takes most of it. Warm, the file's state is asked of the system once a call; that the file is larger costs nothing (the ratio is to 100 machines).",
          "The file that hangs netrc-parser is one line with a name of 28 letters. Hostile files are read, scanned and looked up in, or refused with a typed error; 1 MiB is the most that is read. netrc-parser alone, by hand, is fed only with what it can read.",
        ],
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function lookUps(folder: string, quick: boolean): Promise<Row[]> {
  const next = new MockNext();
  const [few, many] = [100, 10_000].map((count) => fileOf(folder, `${count}.netrc`, machines(count)));
  if (few === undefined || many === undefined) throw new Error("The files were not written.");
  await assertFound(few);
  const hanging = fileOf(folder, "hanging.netrc", HANGING);
  const warm = netrc({ file: few })(next.fetch);
  const warmOfMany = netrc({ file: many })(next.fetch);
  const plain = basic({ username: "finley", password: "secret" })(next.fetch);
  const cases: (Case & { readonly limit?: number; readonly compared?: boolean })[] = [
    { name: "by hand: readFileSync and netrc-parser's parse, 100 machines", run: () => byHand(few) },
    { name: "first look-up, 100 machines", limit: FIRST_LIMIT, run: () => netrc({ file: few })(next.fetch)(URL_TEXT) },
    {
      name: "first look-up in the file that hangs netrc-parser",
      limit: HANGING_LIMIT,
      run: () => netrc({ file: hanging })(next.fetch)(URL_TEXT),
    },
    { name: "basic, which looks nothing up", run: () => plain(URL_TEXT) },
    { name: WARM, run: () => warm(URL_TEXT) },
    { name: "warm look-up, 10,000 machines", compared: true, run: () => warmOfMany(URL_TEXT) },
  ];
  const pace = { rounds: quick ? 50 : 500, warmUp: quick ? 20 : 100, calls: CALLS };
  const timings = await interleave(cases, pace);
  const base = timings.find(({ name }) => name === WARM)?.rounds ?? [];
  return timings.map((timing, index) => {
    const { limit, compared } = cases[index] ?? {};
    return rowOf(timing, limit, compared ? ratio(median(ratios(timing.rounds, base))) : "");
  });
}

async function echo(_url: string, init?: RequestInit): Promise<Response> {
  return new Response(new Headers(init?.headers).get("authorization"));
}

/** A look-up that finds nothing would be no look-up to time. */
async function assertFound(file: string): Promise<void> {
  const sent = await (await netrc({ file })(echo)(URL_TEXT)).text();
  if (sent !== `Basic ${btoa("user-50:secret-50")}`) throw new Error("The password in the file was not found.");
}

/** The very first reading and look-up of a program. */
async function firstOfAProcess(folder: string, quick: boolean): Promise<Row[]> {
  const files = [
    { name: "100 machines", file: fileOf(folder, "cold.netrc", machines(100)) },
    {
      name: "the file that hangs netrc-parser",
      file: fileOf(folder, "cold-hanging.netrc", HANGING),
      limit: HANGING_LIMIT,
    },
  ];
  const found = files.map(() => [] as FirstLookUp[]);
  for (let round = 0; round < (quick ? 3 : 20); round++) {
    for (const [index, { file }] of files.entries()) {
      await using child = new Child("first-look-up.ts", file, URL_TEXT);
      found[index]?.push(await child.next<FirstLookUp>());
    }
  }
  return files.flatMap(({ name, limit }, index) => {
    const rounds = found[index] ?? [];
    return [
      firstRow(
        `first reading of a process, ${name}`,
        rounds.map(({ reading }) => reading),
        limit,
      ),
      firstRow(
        `first look-up of a process, after that`,
        rounds.map(({ lookingUp }) => lookingUp),
        undefined,
      ),
    ];
  });
}

function firstRow(name: string, rounds: readonly number[], limit: number | undefined): Row {
  const found = median(rounds);
  const cells = [name, time(found), time(quantile(rounds, 0.1)), "", "", limit === undefined ? "" : `≤ ${time(limit)}`];
  return { cells, within: limit === undefined ? undefined : found <= limit };
}

/** What somebody would write: every call reads and parses the file anew. */
function byHand(file: string): string | undefined {
  return parse(readFileSync(file, "utf8"))[new URL(URL_TEXT).hostname]?.password;
}

async function hostileFiles(folder: string, quick: boolean): Promise<Row[]> {
  const cases = [...HOSTILE_TEXTS].map(([name, text], index) => {
    const file = fileOf(folder, `hostile-${index}.netrc`, text);
    return { name: `1 MiB of ${name}`, run: () => read(file) };
  });
  const timings = await interleave(cases, { rounds: quick ? 2 : 10, warmUp: quick ? 0 : 2, calls: 1 });
  return timings.map((timing) => rowOf(timing, HOSTILE_LIMIT, ""));
}

async function read(file: string): Promise<void> {
  try {
    await netrc({ file })(new MockNext().fetch)(URL_TEXT);
  } catch (error) {
    if (!isAuthError(error)) throw error; // any other way of failing
  }
}

function machines(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return numbers.map((n) => `machine host-${n}.example.com\n  login user-${n}\n  password secret-${n}\n`).join("");
}

function fileOf(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function rowOf({ name, rounds, cpu }: Timing, limit: number | undefined, compared: string): Row {
  const found = median(rounds);
  return {
    cells: [
      name,
      time(found),
      time(quantile(rounds, 0.1)),
      time(cpu),
      compared,
      limit === undefined ? "" : `≤ ${time(limit)}`,
    ],
    within: limit === undefined ? undefined : found <= limit,
  };
}
