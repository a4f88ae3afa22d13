import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FORMS } from "./forms.ts";
import { JOURNEYS, STATUSES } from "./journeys.ts";
import { coveringPart, MATRIX, isPlain, meetings, SHAPES, STRENGTH } from "./matrix.ts";
import { SUBJECTS } from "./subjects.ts";

describe("the part of the leak matrix that is called", () => {
  const part = coveringPart(STRENGTH);

  it(`leaves out no ${STRENGTH} values that meet in the whole`, () => {
    const met = new Set(part.flatMap((cell) => [...meetings(cell, STRENGTH)]));
    const missing = MATRIX.filter((cell) => meetings(cell, STRENGTH).some((meeting) => !met.has(meeting)));
    expect(missing).toEqual([]);
  });

  it("has each scheme alone on each journey, which the page shows", () => {
    expect(part.filter(isPlain)).toHaveLength(SUBJECTS.length * JOURNEYS.length);
  });
});

describe("the whole leak matrix", () => {
  const all = SUBJECTS.length;
  const schemes = SUBJECTS.filter(({ wrapsOnly }) => !wrapsOnly).length;

  it.each(FORMS)("has every scheme, and every two in each order, on each journey: $name", (form) => {
    const calls = new Set(
      MATRIX.filter((cell) => cell.form === form).map(({ subjects, journey }) =>
        [...subjects, journey].map(({ name }) => name).join(" > "),
      ),
    );
    const { size, takes, keepsUrl } = form;
    // One of them stands in the URL: only the outermost can take it, and only where it comes as it is.
    const lists: Record<string, number> = {
      1: takes ? schemes : keepsUrl ? all : all - 1,
      2: (keepsUrl ? all : all - 1) * (all - 2) + (keepsUrl ? 1 : 0),
    };
    if (takes === "schemes") lists[2] = schemes * (schemes - 1);
    if (takes === "a scheme") lists[2] = schemes * (all - 2);
    expect(calls.size).toBe((lists[size] ?? 0) * JOURNEYS.length);
  });

  it("has every status with every shape", () => {
    const met = new Set(MATRIX.map(({ status, shape }) => `${status} ${shape}`));
    expect(met.size).toBe(STATUSES.length * SHAPES.length);
  });
});

describe("conformance/redirects.json", () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const { matrix } = JSON.parse(read("conformance/redirects.json")) as { matrix: readonly { id: string }[] };
  const ids = matrix.map(({ id }) => id);

  it("has each case that a journey names", () => {
    expect(JOURNEYS.flatMap(({ cases }) => cases).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(ids)("%s is a journey here, or has a test of its own in flow", (id) => {
    const isJourney = JOURNEYS.some(({ cases }) => cases.includes(id));
    expect(isJourney || read("packages/flow/src/run/redirects.test.ts").includes(`"${id}"`)).toBe(true);
  });
});
