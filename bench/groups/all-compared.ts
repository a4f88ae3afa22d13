import type { Compared } from "./compared.ts";
import { DIGEST_CASES } from "./digest-cases.ts";
import { COMPARED } from "./in-process-cases.ts";

/** A case of any group, for the processes in which it is timed. */
export function comparedAs(name: string | undefined): Compared {
  const compared = [...COMPARED, ...DIGEST_CASES].find((one) => one.name === name);
  if (!compared) throw new Error(`There is no case ${name}.`);
  return compared;
}
