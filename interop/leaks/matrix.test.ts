import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { BY_HAND } from "./contrast.ts";
import { FORMS } from "./forms.ts";
import { JOURNEYS } from "./journeys.ts";
import { LIMITS } from "./limits.ts";
import { type Cell, coveringPart, nameOf, STRENGTH } from "./matrix.ts";
import { pageOf } from "./page.ts";
import { Places } from "./places.ts";
import { faultsIn, measureAll, type Results } from "./results.ts";
import { SUBJECTS } from "./subjects.ts";

/** `npm run leaks` makes every call. */
const cells = coveringPart(STRENGTH);
let results: Results;

beforeAll(async () => {
  await using places = await Places.open();
  results = await measureAll(cells, places);
}, 600_000);

const faults = (isOf: (cell: Cell) => boolean): readonly string[] =>
  faultsIn(results.cells.filter(({ of }) => isOf(of))).map(([cell, fault]) => `${nameOf(cell)}: ${fault}`);

describe("the leak matrix (conformance/redirects.json): no byte of a credential arrives where it doesn't belong", () => {
  it.each(JOURNEYS.map((journey) => ({ ...journey, ids: journey.cases.join(", ") || "no case" })))(
    "$name, $about ($ids)",
    ({ name }) => {
      expect(faults(({ journey }) => journey.name === name)).toEqual([]);
    },
  );

  it("hackney#805, postman-request#113, adobe/fetch#447: nor in any other way that is called", () => {
    expect(faults(() => true)).toEqual([]);
  });

  it.each(FORMS)("$name", (form) => {
    expect(faults((cell) => cell.form.name === form.name)).toEqual([]);
  });

  it.each(SUBJECTS)("$name", (subject) => {
    expect(faults(({ subjects }) => subjects.some(({ name }) => name === subject.name))).toEqual([]);
  });
});

describe("what the matrix can't hold", () => {
  it.each(LIMITS.map(({ name, bytes }, index) => ({ name, bytes, index })))(
    "$name: $bytes bytes arrive elsewhere",
    ({ index, bytes }) => {
      const { leaked = -1, shared = -1, atHome } = results.limits[index]?.measured ?? {};
      expect(leaked + shared).toBe(bytes);
      expect(atHome).toBeGreaterThan(0);
    },
  );

  it("is found by the same measure in fetch alone, which leads keys elsewhere", () => {
    const elsewhere = (name: string): readonly string[] =>
      results.contrast
        .filter(({ of, measured }) => of.subjects[0]?.name === name && measured.leaked > 0)
        .map(({ of }) => of.journey.name);
    const header = ["port", "host", "name", "up", "down", "back", "again", "two", "query", "login", "401", "back, 401"];
    expect(BY_HAND.map(({ name }) => [name, elsewhere(name)])).toEqual([
      ["an Authorization header", []],
      ["an x-api-key header", header],
      ["a pair of the query", ["query", "login"]],
      ["a Cookie header", []],
    ]);
  });
});

describe("docs/leak-matrix.md", () => {
  it("is what was measured: `npm run leaks` writes it", () => {
    const page = readFileSync(new URL("../../docs/leak-matrix.md", import.meta.url), "utf8");
    expect(pageOf(results)).toBe(page);
  });
});
