// `npm run bench`: every figure that the project promises, beside what a user would write by hand.
import { parseArgs } from "node:util";
import { Child } from "./children/child.ts";
import { groups } from "./groups.ts";
import { Machine } from "./report/machine.ts";
import { record } from "./report/readme.ts";
import { markdown, type Table } from "./report/table.ts";

const USAGE = `npm run bench                            all groups
npm run bench -- in-process memory       only these
npm run bench -- --quick                 few rounds: shows that it works
npm run bench -- --write                 puts the tables into bench/README.md

Groups: ${[...groups.keys()].join(", ")}`;

const { quick, write, chosen } = readArguments();
const machine = new Machine();
for (const name of chosen) {
  console.log(`## ${groups.get(name)?.title}\n`);
  try {
    const table = await measure(name);
    const command = `npm run bench -- ${name}${quick ? " --quick" : ""}`;
    const section = [`${machine.describe()} \`${command}\``, markdown(table), ...table.notes].join("\n\n");
    console.log(`${section}\n`);
    if (write) record(name, section);
    if (table.rows.some(({ within }) => within === false)) process.exitCode = 1;
  } catch (error) {
    console.log(`Not measured: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** Measures a group in a process of its own: what another has compiled and left on the heap is not in its figures. */
async function measure(name: string): Promise<Table> {
  await using child = new Child("group.ts", name, quick ? "quick" : "full");
  return await child.next<Table>();
}

function readArguments(): { quick: boolean; write: boolean; chosen: readonly string[] } {
  const { values, positionals } = parsed();
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const unknown = positionals.filter((name) => !groups.has(name));
  if (unknown.length > 0) fail(`There is no group ${unknown.join(", ")}. There are ${[...groups.keys()].join(", ")}.`);
  if (values.quick && values.write)
    fail("The figures of --quick are not for the record. Leave --quick or --write out.");
  return {
    quick: values.quick,
    write: values.write,
    chosen: positionals.length > 0 ? positionals : [...groups.keys()],
  };
}

function parsed(): { values: Readonly<Record<"quick" | "write" | "help", boolean>>; positionals: string[] } {
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({ options: { quick: flag, write: flag, help: flag }, allowPositionals: true });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function fail(message: string): never {
  console.log(message);
  process.exit(2);
}
