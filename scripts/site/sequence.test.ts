import { expect, test } from "vitest";
import { drawSequence, wrap } from "./draw-sequence.ts";
import { inWords, parseArrows, parseSequence } from "./sequence.ts";

const block = (text: string): string[] => text.trim().split("\n");
const asked = block(`
title: Asked and answered
parties: Program, Server
Program → Server: GET /wiki
Server → Program: 401
  WWW-Authenticate: Basic realm="wiki"
Program: looks for an answer
-- later
Program → Server: GET /wiki
  Authorization: Basic ZmlubGV5OnNlY3JldA==
Server → Program: 200
`);

test("reads messages with their lines, notes and dividers", () => {
  const { title, parties, steps } = parseSequence(asked);
  expect([title, parties]).toEqual(["Asked and answered", ["Program", "Server"]]);
  expect(steps).toMatchObject([
    { from: 0, to: 1, text: "GET /wiki", status: undefined, carries: false },
    { from: 1, to: 0, text: "401", status: 401, details: ['WWW-Authenticate: Basic realm="wiki"'], carries: false },
    { kind: "note", party: 0, text: "looks for an answer" },
    { kind: "divider", text: "later" },
    { text: "GET /wiki", details: ["Authorization: Basic ZmlubGV5OnNlY3JldA=="], carries: true },
    { status: 200, carries: false },
  ]);
});

test.each([
  ["x-api-key: k1", true],
  ["Cookie: session=k1", true],
  ["GET /v1?page=2&api_key=k1", true],
  ["refresh_token=r1", true],
  ["WWW-Authenticate: Basic", false],
  ["no Authorization", false],
])("takes %s for a credential: %s", (line, carries) => {
  const code = ["title: T", "parties: A, B", "A → B: GET /", `  ${line}`];
  expect(parseSequence(code).steps).toMatchObject([{ carries }]);
});

test.each([
  ["A → C: GET /", 'line 3: "C" is none of the parties (A, B): A → C: GET /'],
  ["  x: y", "line 3: an indented line belongs to a message, and above there is none:   x: y"],
  ["nonsense", "line 3: neither a message (A → B: …), nor a note (A: …), nor a divider (-- …): nonsense"],
])("names the line that can't be read: %s", (line, message) => {
  expect(() => parseSequence(["title: T", "parties: A, B", line])).toThrow(message);
});

test("wants a title and two parties", () => {
  expect(() => parseSequence(["parties: A, B"])).toThrow("title");
  expect(() => parseSequence(["title: T"])).toThrow("two parties");
});

test("reads the drawing of a README, and no other text", () => {
  const drawing = [
    "GET /a              →",
    '                    ←  401, WWW-Authenticate: Digest realm="r", nonce="n1"',
    "                       the answer is computed",
    "GET /a              →",
    "Authorization: …    ←  200",
    "POST /token         →",
    "                    ←  { access_token }",
  ];
  expect(parseArrows(drawing, "T")?.steps).toMatchObject([
    { text: "GET /a", carries: false },
    { status: 401, details: ['WWW-Authenticate: Digest realm="r", nonce="n1"'] },
    { kind: "note", text: "the answer is computed" },
    { text: "GET /a", details: ["Authorization: …"], carries: true },
    { status: 200 },
    { text: "POST /token", isResponse: false },
    { text: "{ access_token }", status: undefined, isResponse: true },
  ]);
  expect(parseArrows(["a  ──▶  b"], "T")).toBeUndefined();
  expect(parseArrows(["request →", "← response", "and prose"], "T")).toBeUndefined();
});

test("tells the story in words", () => {
  expect(inWords(parseSequence(asked))).toBe(
    'Program sends Server: GET /wiki. Server answers Program: 401, WWW-Authenticate: Basic realm="wiki". ' +
      "Program: looks for an answer. Later. " +
      "Program sends Server: GET /wiki, Authorization: Basic ZmlubGV5OnNlY3JldA== (carries credentials). " +
      "Server answers Program: 200.",
  );
});

test("draws a wide and a narrow form, each with a title and a description of its own", () => {
  const svg = drawSequence(parseSequence(asked), "s1");
  for (const name of ["wide", "narrow"]) {
    expect(svg).toContain(`aria-labelledby="s1-${name}-title" aria-describedby="s1-${name}-desc"`);
    expect(svg).toContain(`<title id="s1-${name}-title">Asked and answered</title><desc id="s1-${name}-desc">`);
  }
  expect(svg).toContain("realm=&quot;wiki&quot;");
});

test("keeps every text within the drawing", () => {
  const long = ["title: T", "parties: A, B, C", `A → C: GET /${"x".repeat(300)} and more`, `C: ${"word ".repeat(40)}`];
  const svg = drawSequence(parseSequence(long), "s1");
  const [wide = "", narrow = ""] = svg.split('<svg class="narrow"');
  for (const [drawing, width] of [
    [wide, 688],
    [narrow, 340],
  ] as const) {
    const boxes = Array.from(drawing.matchAll(/<rect class="\w+" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g));
    expect(boxes.length).toBeGreaterThan(5);
    expect(boxes.filter(([, x, across]) => Number(x) + Number(across) > width)).toEqual([]);
  }
});

test("keeps the names of parties apart", () => {
  const four = ["title: T", "parties: Call 1, Call 2, API, Token endpoint", "API → Call 1: 200"];
  const [wide = "", narrow = ""] = drawSequence(parseSequence(four), "s1").split('<svg class="narrow"');
  for (const drawing of [wide, narrow]) {
    const boxes = Array.from(drawing.matchAll(/<rect class="party" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g));
    expect(boxes).toHaveLength(4);
    for (const [index, [, x, y]] of boxes.entries()) {
      const [, before = 0, , across = 0] = boxes[index - 1] ?? [];
      expect(Number(x)).toBeGreaterThan(Number(before) + Number(across));
      expect(Number(y)).toBeGreaterThanOrEqual(0);
    }
  }
});

test("breaks lines at spaces, and words that have none", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "  three"]);
  expect(wrap("abcdefghij", 6)).toEqual(["abcdef", "  ghij"]);
  expect(wrap("short", 10)).toEqual(["short"]);
});
