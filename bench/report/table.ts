/** What a group found, as it is printed and as it stands in the README. */
export interface Table {
  /** What stands above the columns; the first is of names, the last of verdicts. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** What has to be known to read the figures; a sentence or two each. */
  readonly notes: readonly string[];
}

export interface Row {
  /** A cell for each column but the last. */
  readonly cells: readonly string[];
  /** Whether the figure is within its limit; `undefined` where it has none and is there to compare with. */
  readonly within: boolean | undefined;
}

/** A Markdown table as the formatter writes it: every column as wide as its widest cell. */
export function markdown({ columns, rows }: Table): string {
  const cells = [columns, ...rows.map(({ cells: own, within }) => [...own, verdict(within)])];
  const widths = columns.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

function verdict(within: boolean | undefined): string {
  if (within === undefined) return "";
  return within ? "ok" : "over";
}
