import { type Form, FORMS } from "./forms.ts";
import { type Journey, JOURNEYS, type Status, STATUSES } from "./journeys.ts";
import { type Subject, SUBJECTS } from "./subjects.ts";

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
 * The matrix: every subject and every ordered pair of two, in every form, on every journey. Statuses and shapes of the
 * call take turns; a subject alone is called with each of each.
 */
export function everyCell(): readonly Cell[] {
  const cells: Cell[] = [];
  for (const form of FORMS) {
    for (const subjects of lists(form.size)) {
      for (const journey of JOURNEYS) {
        const turns = ways(form, subjects);
        for (const [status, shape] of form === PLAIN ? turns : [turns[cells.length % turns.length]].flatMap(given)) {
          cells.push({ form, subjects, journey, status, shape });
        }
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

/**
 * A part of the cells in which any so many values of different dimensions meet if they meet in all of them. A fault that
 * takes no more of them than that to show, shows.
 * @see {@link https://doi.org/10.6028/NIST.SP.800-142 NIST SP 800-142} on combinatorial testing
 */
export function coveringPart(cells: readonly Cell[], strength: 2 | 3): readonly Cell[] {
  const inCells = cells.map((cell) => meetings(cell, strength));
  const met = new Set<number>();
  const taken = new Set<number>();
  const take = (index: number): void => {
    taken.add(index);
    for (const meeting of inCells[index] ?? []) met.add(meeting);
  };
  const adds = (index: number, least: number): boolean => {
    let added = 0;
    for (const meeting of inCells[index] ?? []) if (!met.has(meeting) && ++added === least) return true;
    return false;
  };

  for (const [index, cell] of cells.entries()) if (isPlain(cell)) take(index);
  // Those that add the most come first, in an order that mixes all dimensions, the same one each time.
  const step = coprime(cells.length);
  for (const least of strength === 2 ? [9, 7, 5, 3, 1] : [15, 10, 6, 3, 1]) {
    for (let turn = 0, index = 0; turn < cells.length; turn++, index = (index + step) % cells.length) {
      if (!taken.has(index) && adds(index, least)) take(index);
    }
  }
  return [...taken].toSorted((a, b) => a - b).flatMap((index) => cells[index] ?? []);
}

/** The values that meet in a cell, each two or three of them as a number. */
export function meetings(cell: Cell, strength: 2 | 3): readonly number[] {
  const values = valuesOf(cell);
  const found: number[] = [];
  for (const [i, one] of values.entries()) {
    for (let j = i + 1; j < values.length; j++) {
      const two = one * BASE + (values[j] ?? 0);
      if (strength === 2) found.push(two);
      else for (let k = j + 1; k < values.length; k++) found.push(two * BASE + (values[k] ?? 0));
    }
  }
  return found;
}

export function nameOf({ form, subjects, journey, status, shape }: Cell): string {
  const [a, b] = subjects.map(({ name }) => name);
  return `${form.name} with a = ${a}${b === undefined ? "" : `, b = ${b}`}: ${shape}, ${status} ${journey.name}`;
}

const BASE = 1000;

/** A number for the value of each dimension, which no other value has. */
function valuesOf({ form, subjects: [outer, inner], journey, status, shape }: Cell): readonly number[] {
  return [
    FORMS.indexOf(form),
    100 + (outer ? SUBJECTS.indexOf(outer) : -1),
    200 + (inner ? SUBJECTS.indexOf(inner) : -1),
    300 + JOURNEYS.indexOf(journey),
    status,
    900 + SHAPES.indexOf(shape),
  ];
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

function given<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** A step that leads through all of a ring, about its golden section. */
function coprime(length: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, Math.round(length * 0.618));
  while (divisor(step, length) !== 1) step++;
  return step;
}
