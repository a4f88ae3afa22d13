// Draws a sequence as SVG, twice: for wide pages, and for narrow ones, where the text takes the whole width and the
// arrows stay between their parties. Colours and fonts are the page's, by the classes that the style sheet knows. Text is
// set in a monospaced face, so its width is known without a browser.
import { inWords, isCredential, type Message, type Sequence, type Step } from "./sequence.ts";

interface Measure {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly margin: number;
  /** The size of text, and the width of a letter of it: 0.61 of its size in the widest of the common faces. */
  readonly size: number;
  readonly letter: number;
  readonly line: number;
}

const WIDE: Measure = { name: "wide", width: 688, margin: 72, size: 13, letter: 8, line: 19 };
const NARROW: Measure = { name: "narrow", width: 340, margin: 34, size: 12, letter: 7.4, line: 17 };
const GAP = 16;
const PAD = 10;

/** The drawing as a figure: both widths, of which the style sheet shows one, each with its title and description. */
export function drawSequence(sequence: Sequence, id: string): string {
  const caption = `<figcaption>${escaped(sequence.title)}</figcaption>`;
  return `<figure class="sequence">${draw(sequence, WIDE, id)}${draw(sequence, NARROW, id)}${caption}</figure>`;
}

function draw(sequence: Sequence, measure: Measure, id: string): string {
  const { width, name, size } = measure;
  const lifelines = placesOf(sequence, measure);
  const labels = sequence.parties.map((party) => labelOf(party, lifelines, measure));
  const head = Math.max(...labels.map((rows) => rows.length)) * (measure.line - 3) + 18;
  const drawn: string[] = [];
  let y = head + GAP;
  for (const step of sequence.steps) {
    const { svg, height } = drawStep(step, y, lifelines, measure);
    drawn.push(svg);
    y += height + GAP;
  }
  const bottom = y + 2;
  const ids = [`${id}-${name}-title`, `${id}-${name}-desc`] as const;
  return [
    `<svg class="${name}" viewBox="0 0 ${width} ${bottom + 2}" width="${width}" height="${bottom + 2}" role="img"`,
    ` aria-labelledby="${ids[0]}" aria-describedby="${ids[1]}" font-size="${size}">`,
    `<title id="${ids[0]}">${escaped(sequence.title)}</title><desc id="${ids[1]}">${escaped(inWords(sequence))}</desc>`,
    ...lifelines.map((x) => `<line class="lifeline" x1="${x}" y1="${head - 8}" x2="${x}" y2="${bottom}"/>`),
    ...labels.map((rows, index) => drawParty(rows, lifelines[index] ?? 0, head, measure)),
    ...drawn,
    "</svg>",
  ].join("");
}

function placesOf({ parties }: Sequence, { width, margin }: Measure): number[] {
  const step = (width - 2 * margin) / (parties.length - 1);
  return parties.map((_, index) => Math.round(margin + index * step));
}

/** A party's name, in as many lines as keep it out of its neighbours' way. */
function labelOf(party: string, lifelines: readonly number[], { letter }: Measure): string[] {
  const room = (lifelines[1] ?? 0) - (lifelines[0] ?? 0) - 22;
  return wrap(party, Math.floor(room / (letter * 0.92))).map((row) => row.trim());
}

function drawParty(rows: readonly string[], lifeline: number, head: number, measure: Measure): string {
  const { width, letter, line } = measure;
  const across = Math.max(Math.max(...rows.map((row) => row.length)) * letter * 0.92 + 18, 56);
  const x = Math.min(Math.max(lifeline - across / 2, 1), width - across - 1);
  const names = rows.map((row, index) => {
    const y = head - 15 - (rows.length - 1 - index) * (line - 3);
    return `<text class="party" x="${round(x + across / 2)}" y="${y}" text-anchor="middle">${escaped(row)}</text>`;
  });
  const top = head - 15 - rows.length * (line - 3) - 2;
  const box = `<rect class="party" x="${round(x)}" y="${top}" width="${round(across)}" height="${head - 8 - top}" rx="3"/>`;
  return box + names.join("");
}

function drawStep(
  step: Step,
  y: number,
  lifelines: readonly number[],
  measure: Measure,
): { svg: string; height: number } {
  const { width, line, letter } = measure;
  if (step.kind === "divider") {
    const half = (step.text.length * letter) / 2 + 10;
    const middle = width / 2;
    const at = y + 6;
    return {
      svg:
        `<line class="divider" x1="8" y1="${at}" x2="${round(middle - half)}" y2="${at}"/>` +
        `<line class="divider" x1="${round(middle + half)}" y1="${at}" x2="${width - 8}" y2="${at}"/>` +
        `<text class="divider" x="${middle}" y="${at + 4}" text-anchor="middle">${escaped(step.text)}</text>`,
      height: 12,
    };
  }
  if (step.kind === "note") return drawNote(step.text, lifelines[step.party] ?? 0, y, measure);
  const { x, room } = textPlace(step, lifelines, measure);
  const rows = [
    ...wrap(step.text, room).map((text) => ({ text, kind: rowKind(step) })),
    ...step.details.flatMap((detail) =>
      wrap(detail, room).map((text) => ({ text, kind: isCredential(detail) ? "detail secret" : "detail" })),
    ),
  ];
  const svg = rows.map(({ text, kind }, index) => drawRow(text, kind, x, y + 12 + index * line, measure)).join("");
  const arrowAt = y + rows.length * line + 4;
  return { svg: svg + drawArrow(step, lifelines, arrowAt), height: rows.length * line + 8 };
}

/** Where a message's text begins, and how many letters fit: between its parties, or across the whole where it is narrow. */
function textPlace(
  { from, to }: Message,
  lifelines: readonly number[],
  { name, width, letter }: Measure,
): { x: number; room: number } {
  const left = Math.min(lifelines[from] ?? 0, lifelines[to] ?? 0);
  const right = Math.max(lifelines[from] ?? 0, lifelines[to] ?? 0);
  const x = name === "wide" ? left + PAD : Math.min(left, lifelines.length > 2 ? 20 : left) + PAD;
  const end = lifelines.length === 2 ? right - (name === "wide" ? PAD : 2) : width - 6;
  return { x, room: Math.floor((end - x) / letter) };
}

function drawRow(text: string, kind: string, x: number, y: number, { letter, line }: Measure): string {
  // The patch keeps the lines of other parties from running through the letters.
  const patch = `<rect class="patch" x="${x - 3}" y="${y - 13}" width="${round(text.length * letter + 6)}" height="${line}"/>`;
  return `${patch}<text class="${kind}" x="${x}" y="${y}">${escaped(text)}</text>`;
}

function rowKind({ status }: Message): string {
  if (status === undefined) return "request";
  return status >= 400 ? "status refused" : status >= 300 ? "status moved" : "status";
}

function drawArrow({ from, to, isResponse, carries }: Message, lifelines: readonly number[], y: number): string {
  const start = lifelines[from] ?? 0;
  const end = lifelines[to] ?? 0;
  const way = end > start ? 1 : -1;
  const kind = ["arrow", isResponse ? "response" : "", carries ? "carries" : ""].filter(Boolean).join(" ");
  const tip = end - way * 2;
  const head = `M${tip - way * 9} ${y - 4.5} L${tip} ${y} L${tip - way * 9} ${y + 4.5} Z`;
  return (
    `<line class="${kind}" x1="${start + way * 2}" y1="${y}" x2="${tip - way * 7}" y2="${y}"/>` +
    `<path class="${kind}" d="${head}"/>`
  );
}

function drawNote(text: string, lifeline: number, y: number, measure: Measure): { svg: string; height: number } {
  const { width, letter, line, name } = measure;
  const most = name === "wide" ? 46 : 36;
  const rows = wrap(text, most);
  const across = Math.max(...rows.map((row) => row.length)) * letter * 0.94 + 20;
  const x = Math.min(Math.max(lifeline - 14, 1), width - across - 1);
  const height = rows.length * line + 8;
  const box = `<rect class="note" x="${round(x)}" y="${y - 2}" width="${round(across)}" height="${height}" rx="3"/>`;
  const lines = rows.map(
    (row, index) => `<text class="note" x="${round(x + 10)}" y="${y + 14 + index * line}">${escaped(row)}</text>`,
  );
  return { svg: box + lines.join(""), height };
}

/** Breaks text into lines of at most `room` letters: at spaces, or within a word that has none. */
export function wrap(text: string, room: number): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(" ")) {
    if (row && row.length + 1 + word.length > room) {
      rows.push(row);
      row = "  "; // goes on
    } else if (row) row += " ";
    row += word;
    while (row.length > room) {
      rows.push(row.slice(0, room));
      row = `  ${row.slice(room)}`;
    }
  }
  return [...rows, row];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
