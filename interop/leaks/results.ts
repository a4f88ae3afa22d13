// What the measured calls come to, as docs/leak-matrix.md tells it.
import { BY_HAND } from "./contrast.ts";
import { FORMS } from "./forms.ts";
import { LIMITS, type Limit } from "./limits.ts";
import type { Cell } from "./matrix.ts";
import { JOURNEYS } from "./journeys.ts";
import { faultOf } from "./fault.ts";
import { measure, type Measured } from "./measure.ts";
import type { Places } from "./places.ts";

export interface Result<T> {
  readonly of: T;
  readonly measured: Measured;
}

/** All that was measured. */
export interface Results {
  readonly cells: readonly Result<Cell>[];
  /** The platform's fetch, on each journey. */
  readonly contrast: readonly Result<Cell>[];
  readonly limits: readonly Result<Limit>[];
}

/** Makes the calls one after the other. */
export async function measureAll(cells: readonly Cell[], places: Places): Promise<Results> {
  const of = async <T>(list: readonly T[], cellOf: (one: T) => Cell): Promise<readonly Result<T>[]> => {
    const results: Result<T>[] = [];
    for (const one of list) results.push({ of: one, measured: await measure(cellOf(one), places) });
    return results;
  };
  const [form] = FORMS;
  const byHand = BY_HAND.flatMap((subject) =>
    form ? JOURNEYS.map((journey): Cell => ({ form, subjects: [subject], journey, status: 302, shape: "GET" })) : [],
  );
  return {
    cells: await of(cells, (cell) => cell),
    contrast: await of(byHand, (cell) => cell),
    limits: await of(LIMITS, ({ cell }) => cell),
  };
}

/** Those that are not as they have to be, with the reason. */
export function faultsIn(results: readonly Result<Cell>[]): readonly (readonly [Cell, string])[] {
  return results.flatMap(({ of, measured }) => {
    const fault = faultOf(of, measured);
    return fault === undefined ? [] : [[of, fault] as const];
  });
}
