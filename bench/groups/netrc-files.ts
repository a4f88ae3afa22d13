// What it costs to find a password in a file: the first time, every other time, and when the file is hostile.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { basic } from "@authflow/basic";
import { isAuthError } from "@authflow/flow";
import { netrc } from "@authflow/netrc";
import { parse } from "netrc-parser";
import { Child } from "../children/child.ts";
import { type Case, interleave, type Timing } from "../measure/interleave.ts";
import { median, quantile, ratios } from "../measure/statistics.ts";
import type { Row } from "../report/table.ts";
import { ratio, time } from "../report/units.ts";
import type { Group } from "./group.ts";
import { HOSTILE_TEXTS } from "./hostile-netrc.ts";
import { MockNext } from "./mock-next.ts";

/** Microseconds: for a first look-up in a file of 100 machines, and for a file of 1 MiB that means harm. */
const FIRST_LIMIT = 500;
const HOSTILE_LIMIT = 500_000;
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
          await coldLookUp(folder, quick),
          ...(await hostileFiles(folder, quick)),
        ],
        notes: [
          "A call through `netrc()` with a mock `next`, which includes the runner; the first makes the scheme, reads the file and scans it; the first of a process loads netrc-parser as well, and runs code that nothing has compiled yet. Warm, the file's state is asked of the system once a call; that the file is larger costs nothing (the ratio is to 100 machines).",
          "Hostile files are read and scanned whole, or refused with a typed error; 1 MiB is the most that is read. netrc-parser alone, by hand, is fed only with what it can read; the file that hangs it is among the hostile ones.",
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
  const warm = netrc({ file: few })(next.fetch);
  const warmOfMany = netrc({ file: many })(next.fetch);
  const plain = basic({ username: "finley", password: "secret" })(next.fetch);
  const cases: (Case & { readonly limit?: number; readonly compared?: boolean })[] = [
    { name: "by hand: readFileSync and netrc-parser's parse, 100 machines", run: () => byHand(few) },
    { name: "first look-up, 100 machines", limit: FIRST_LIMIT, run: () => netrc({ file: few })(next.fetch)(URL_TEXT) },
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

/** The very first look-up of a program: nothing of it is compiled, and netrc-parser, which holds the table, is loaded. */
async function coldLookUp(folder: string, quick: boolean): Promise<Row> {
  const file = fileOf(folder, "cold.netrc", machines(100));
  const rounds: number[] = [];
  for (let round = 0; round < (quick ? 3 : 20); round++) {
    await using child = new Child("first-look-up.ts", file, URL_TEXT);
    rounds.push(await child.next<number>());
  }
  const cells = ["first look-up of a process, 100 machines", time(median(rounds)), time(quantile(rounds, 0.1))];
  return { cells: [...cells, "", "", ""], within: undefined };
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

function read(file: string): void {
  try {
    netrc({ file });
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
