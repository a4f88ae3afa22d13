// What the soak came to, as tables.
import { inMebibytes } from "./memory.ts";
import type { Outcome } from "./outcome.ts";
import type { SoakResult } from "./soak.ts";

const OUTCOMES: readonly Outcome[] = [
  "whole",
  "refused",
  "aborted",
  "typed error",
  "platform's error",
  "source's error",
  "wrong",
];

export function tableOf({ outcomes, errors, seen, bare, generators, heap }: SoakResult): string {
  const rows = [...outcomes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([subject, counts]) => [subject, ...OUTCOMES.map((outcome) => String(counts[outcome] ?? ""))]);
  const faults = Object.entries(seen.faults).filter(([fault]) => fault !== "none");
  const mebibytes = heap.map(inMebibytes);
  const third = Math.floor(mebibytes.length / 3);
  return [
    aligned([["", ...OUTCOMES], ...rows]),
    "",
    `requests      ${seen.requests}, ${seen.away} of them at another origin; ${seen.refusals} refusals, ${seen.tokens} token requests`,
    `faults        ${faults.map(([fault, count]) => `${fault} ${count}`).join(", ")}`,
    `errors        ${[...errors].map(([name, count]) => `${name} ${count}`).join(", ")}`,
    `connections   ${seen.sockets.most} at once, ${seen.sockets.made} in all; by bare fetch ${bare.sockets.most} and ${bare.sockets.made}`,
    `generators    ${generators.made}, ${generators.finished} finished`,
    `heap, MiB     ${mebibytes.slice(0, third).join(" ")} … ${mebibytes.slice(-third).join(" ")}`,
  ].join("\n");
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([name = "", ...cells]) =>
      [name.padEnd(widths[0] ?? 0), ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))].join("  "),
    )
    .join("\n");
}
