import { markdownTable } from "../../scripts/docs/table.ts";

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

/** The table in Markdown, each row with its verdict. */
export function markdown({ columns, rows }: Table): string {
  return markdownTable(
    columns,
    rows.map(({ cells, within }) => [...cells, verdict(within)]),
  );
}

function verdict(within: boolean | undefined): string {
  if (within === undefined) return "";
  return within ? "ok" : "over";
}
