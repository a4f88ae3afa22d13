// docs/leak-matrix.md, from what was measured.
import { markdownTable } from "../../scripts/docs/table.ts";
import { FORMS } from "./forms.ts";
import { JOURNEYS, STATUSES } from "./journeys.ts";
import { type Cell, coveringPart, isPlain, MATRIX, SHAPES } from "./matrix.ts";
import type { Measured } from "./measure.ts";
import type { Result, Results } from "./results.ts";
import { SUBJECTS } from "./subjects.ts";
import { BY_HAND } from "./contrast.ts";

/** The page. It says the same of any part of the matrix in which every value stands. */
export function pageOf({ cells, contrast, limits }: Results): string {
  const plain = cells.filter(({ of }) => isPlain(of));
  return `# The leak matrix

Written by \`npm run leaks\` from what was measured; a test holds it to that. Every scheme is called on every kind of redirect, alone,
around another one and in every form of composition, over loopback to servers at six origins. They write down every byte that
they are sent, and these are the bytes of credentials that arrived **elsewhere than at the origin of the call**: as they are,
percent-encoded, in Base64, as the proof that a digest makes of them, and whatever stands in a header field for credentials.

The rules are those of [\`conformance/redirects.json\`](../conformance/README.md#redirectsjson); the code is
[\`interop/leaks\`](../interop/leaks).

## By scheme

One call of each alone, \`a(fetch)\`, by a GET that is answered with 302. "Home" is what arrived at the origin of the call before
anybody was led anywhere, so that there is something to measure. In brackets are bytes of credentials that are for the other
place as well: the netrc file has an entry for its host, which is one for every port, or there is a route to it.

${markdownTable(
  ["Scheme", "Home", ...JOURNEYS.map(({ name }) => name)],
  SUBJECTS.map((subject) =>
    rowOf(
      subject.name,
      plain.filter(({ of }) => of.subjects[0] === subject),
    ),
  ),
)}

${markdownTable(
  ["Redirect", "It leads", "In redirects.json"],
  JOURNEYS.map(({ name, about, cases }) => [name, about, cases.map((id) => `\`${id}\``).join(", ") || "–"]),
)}

In each of them the servers saw exactly the requests that the journey has: a 401 from elsewhere is not answered, nor is one at
the origin once the chain has left it; \`manual\` and \`error\` ask nobody else.

## By composition

The whole matrix: each ordered pair of the schemes above, in each form, on each of these redirects, with statuses and shapes of
the call in turn.

${markdownTable(
  ["Form", "Calls", "Bytes elsewhere"],
  FORMS.map((form) => totalOf(form.name, cells, (cell) => cell.form === form)),
)}

${markdownTable(
  ["Status, or what is given to fetch", "Calls", "Bytes elsewhere"],
  [
    ...STATUSES.map((status) => totalOf(String(status), cells, (cell) => cell.status === status)),
    ...SHAPES.map((shape) => totalOf(SHAPE_WORDS[shape], cells, (cell) => cell.shape === shape)),
  ],
)}

\`npm run leaks\` makes all ${MATRIX.length} calls. \`npm test\` makes ${coveringPart(2).length} of them, in which any two of scheme outside, scheme
inside, form, redirect, status and shape meet if they do so anywhere; where \`CI\` is set, any three.

## Beside it, fetch alone

The same journeys with Node's \`fetch\` and credentials that the caller puts there by hand: what a scheme that leaves redirects to it
would lead elsewhere.

${markdownTable(
  ["By hand", "Home", ...JOURNEYS.map(({ name }) => name)],
  BY_HAND.map((subject) =>
    rowOf(
      subject.name,
      contrast.filter(({ of }) => of.subjects[0] === subject),
    ),
  ),
)}

## Known limits

${markdownTable(
  ["What", "Bytes elsewhere", "Remedy"],
  limits.map(({ of, measured }) => [of.name, String(measured.leaked + measured.shared), of.remedy]),
)}
`;
}

const SHAPE_WORDS = { GET: "a URL", POST: "a URL, with a body", Request: "a Request" } as const;

function rowOf(name: string, results: readonly Result<Cell>[]): readonly string[] {
  const at = (journey: string): Measured | undefined => results.find(({ of }) => of.journey.name === journey)?.measured;
  const home = at("host")?.atHome;
  return [name, String(home), ...JOURNEYS.map((journey) => bytesOf(at(journey.name)))];
}

function bytesOf(measured: Measured | undefined): string {
  if (!measured) return "not measured";
  const { leaked, shared } = measured;
  return shared > 0 ? `${leaked} (${shared})` : String(leaked);
}

function totalOf(name: string, results: readonly Result<Cell>[], isOf: (cell: Cell) => boolean): readonly string[] {
  const measured = results.filter(({ of }) => isOf(of));
  const leaked = measured.reduce((sum, result) => sum + result.measured.leaked, 0);
  return [`\`${name}\``, String(MATRIX.filter(isOf).length), measured.length > 0 ? String(leaked) : "not measured"];
}
