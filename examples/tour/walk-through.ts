import { setTimeout as after } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Chapter, Section } from "./example.ts";
import { type Observation, observe, wireOf } from "./observe.ts";
import { linesOf, styled } from "./show.ts";

/** In milliseconds; an example takes about 10, and 100 where a process is started. */
const LONGEST = 20_000;

/** What came of a tour. */
export interface Tour {
  readonly sections: number;
  readonly exchanges: number;
  /** The files of the examples that did something else than they should. */
  readonly misbehaved: readonly string[];
}

/** Runs every example against a site, and prints what went over the wire, as it goes. */
export async function walkThrough(
  chapters: readonly Chapter[],
  origin: string,
  print: (line: string) => void,
): Promise<Tour> {
  let number = 0;
  let exchanges = 0;
  const misbehaved: string[] = [];
  for (const { title, sections } of chapters) {
    print("");
    print(styled(["bold", "underline"], title));
    for (const section of sections) {
      print("");
      print(`${String(++number).padStart(2)}  ${section.title}  ${styled("dim", `examples/${section.file}`)}`);
      const { observation, problems } = await visit(section, origin);
      exchanges += observation?.exchanges.length ?? 0;
      if (problems.length > 0) misbehaved.push(section.file);
      for (const line of observation ? linesOf(observation) : []) print(`    ${line}`);
      for (const problem of problems) print(`    ${styled("red", `✗ ${problem}`)}`);
    }
  }
  return { sections: number, exchanges, misbehaved };
}

/** Runs an example, and compares what came of it with what should. */
async function visit(
  { run, wire, says }: Section,
  origin: string,
): Promise<{ observation?: Observation; problems: string[] }> {
  const ended = new AbortController();
  try {
    const late = after(LONGEST, undefined, { signal: ended.signal }).then(() => {
      throw new Error(`There is no response after ${LONGEST} ms.`);
    });
    const observation = await Promise.race([observe(run, origin), late]);
    const went = observation.exchanges.map(wireOf);
    return { observation, problems: [...differs("sends", went, wire), ...differs("hears", observation.says, says)] };
  } catch (error) {
    return { problems: [`fails: ${String(error)}`] };
  } finally {
    ended.abort();
  }
}

function differs(verb: string, actual: readonly string[], expected: readonly string[]): string[] {
  return isDeepStrictEqual(actual, expected)
    ? []
    : [`${verb} ${JSON.stringify(actual)}, and should have: ${JSON.stringify(expected)}`];
}
