import { type Form, FORMS } from "./forms.ts";
import { type Journey, JOURNEYS, type Status, STATUSES } from "./journeys.ts";
import type { Subject } from "./subject.ts";
import { SUBJECTS } from "./subjects.ts";

/** How the caller calls: what is given to the fetch. */
export const SHAPES = ["GET", "POST", "Request"] as const;
export type Shape = (typeof SHAPES)[number];

/** One call of the matrix. */
export interface Cell {
  readonly form: Form;
  /** The outermost first. */
  readonly subjects: readonly Subject[];
  readonly journey: Journey;
  readonly status: Status;
  readonly shape: Shape;
}

const [PLAIN] = FORMS;

/**
 * Every subject and every ordered pair of two, in every form, on every journey. Statuses and shapes of the call take turns; a
 * subject alone is called with each of each.
 */
export const MATRIX: readonly Cell[] = everyCell();

function everyCell(): readonly Cell[] {
  const cells: Cell[] = [];
  for (const form of FORMS) {
    for (const subjects of lists(form.size)) {
      const all = ways(form, subjects);
      for (const journey of JOURNEYS) {
        const turns = form === PLAIN ? all : all.slice(cells.length % all.length).slice(0, 1);
        for (const [status, shape] of turns) cells.push({ form, subjects, journey, status, shape });
      }
    }
  }
  return cells;
}

/** How many values of different dimensions meet in what the tests call: any two, and any three where CI runs. */
export const STRENGTH = process.env["CI"] ? 3 : 2;

/** Those of the first table: each subject alone, on each journey. */
export function isPlain({ form, status, shape }: Cell): boolean {
  return form === PLAIN && status === 302 && shape === "GET";
}

/** A number for each value of a dimension, which no other one has; 0 is no subject. */
const NUMBERS: ReadonlyMap<unknown, number> = new Map(
  [undefined, ...FORMS, ...JOURNEYS, ...STATUSES, ...SHAPES, ...SUBJECTS].map((value, number) => [value, number]),
);
/** Inside, a subject is another value than outside. */
const INSIDE = NUMBERS.size;
const BASE = INSIDE + SUBJECTS.length;

const parts = new Map<number, readonly Cell[]>();

/**
 * A part of the matrix in which any so many values of different dimensions meet if they meet in all of it. A fault that takes
 * no more of them than that to show, shows. It is the same part each time.
 * @see {@link https://doi.org/10.6028/NIST.SP.800-142 NIST SP 800-142} on combinatorial testing
 */
export function coveringPart(strength: 2 | 3): readonly Cell[] {
  const part = parts.get(strength) ?? cover(strength);
  parts.set(strength, part);
  return part;
}

function cover(strength: 2 | 3): readonly Cell[] {
  const inCells = MATRIX.map((cell) => meetings(cell, strength));
  const met = new Uint8Array(BASE ** strength);
  const taken = new Uint8Array(MATRIX.length);
  const take = (index: number): void => {
    taken[index] = 1;
    for (const meeting of inCells[index] ?? []) met[meeting] = 1;
  };
  const adds = (index: number, least: number): boolean => {
    let added = 0;
    for (const meeting of inCells[index] ?? []) if (met[meeting] === 0 && ++added === least) return true;
    return false;
  };

  for (const [index, cell] of MATRIX.entries()) if (isPlain(cell)) take(index);
  // Those that add the most come first, in an order that mixes all dimensions.
  const step = coprime(MATRIX.length);
  for (const least of strength === 2 ? [9, 7, 5, 3, 1] : [15, 10, 6, 3, 1]) {
    for (let turn = 0, index = 0; turn < MATRIX.length; turn++, index = (index + step) % MATRIX.length) {
      if (taken[index] === 0 && adds(index, least)) take(index);
    }
  }
  return MATRIX.filter((_, index) => taken[index] === 1);
}

/** The values that meet in a cell, each two or three of them as a number. */
export function meetings(cell: Cell, strength: 2 | 3): Uint32Array {
  const values = valuesOf(cell);
  const found: number[] = [];
  for (const [i, one] of values.entries()) {
    for (let j = i + 1; j < values.length; j++) {
      const two = one * BASE + (values[j] ?? 0);
      if (strength === 2) found.push(two);
      else for (let k = j + 1; k < values.length; k++) found.push(two * BASE + (values[k] ?? 0));
    }
  }
  return Uint32Array.from(found);
}

export function nameOf({ form, subjects, journey, status, shape }: Cell): string {
  const [a, b] = subjects.map(({ name }) => name);
  return `${form.name} with a = ${a}${b === undefined ? "" : `, b = ${b}`}: ${shape}, ${status} ${journey.name}`;
}

function valuesOf({ form, subjects: [outer, inner], journey, status, shape }: Cell): readonly number[] {
  const within = inner ? INSIDE + SUBJECTS.indexOf(inner) : 0;
  return [within, ...[form, outer, journey, status, shape].map((value) => NUMBERS.get(value) ?? 0)];
}

function lists(size: 1 | 2): readonly (readonly Subject[])[] {
  if (size === 1) return SUBJECTS.map((one) => [one]);
  return SUBJECTS.flatMap((outer) => SUBJECTS.filter((inner) => inner !== outer).map((inner) => [outer, inner]));
}

/**
 * The statuses and shapes of a call; none where the form can't take the subjects. Credentials in a URL need one in text,
 * which nobody reads before core does.
 */
function ways(form: Form, subjects: readonly Subject[]): readonly (readonly [Status, Shape])[] {
  const asSchemes = form.takes === "schemes" ? subjects : form.takes === "a scheme" ? subjects.slice(0, 1) : [];
  if (asSchemes.some(({ wrapsOnly }) => wrapsOnly)) return [];
  const inUrl = subjects.findIndex((subject) => subject.inUrl);
  if (inUrl > 0 || (inUrl === 0 && !form.keepsUrl)) return [];
  return SHAPES.filter((shape) => inUrl === -1 || shape !== "Request").flatMap((shape) =>
    STATUSES.map((status) => [status, shape] as const),
  );
}

/** A step that leads through all of a ring, about its golden section. */
function coprime(length: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, Math.round(length * 0.618));
  while (divisor(step, length) !== 1) step++;
  return step;
}
