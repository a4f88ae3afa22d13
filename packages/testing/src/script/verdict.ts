import type { Difference } from "../errors/script.ts";

/** What a check of the test's own says: it throws, or gives false or a sentence where something is wrong. */
export async function verdict(part: string, expected: string, check: () => unknown): Promise<Difference[]> {
  const said = await check();
  if (said === false) return [{ part, expected, actual: "the check said no" }];
  return typeof said === "string" ? [{ part, expected, actual: said }] : [];
}
