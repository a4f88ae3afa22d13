import { styleText } from "node:util";
import type { Observation, Observed } from "./observe.ts";

type Style = Parameters<typeof styleText>[0];
type Cell = readonly [text: string, style?: Style];

/** So that the columns of one example stand below those of the one before. */
const NARROWEST = [4, 40, 3] as const;

/** Colours where a person looks on; plain text in a pipe, and with NO_COLOR. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** What came of an example: a line for each exchange, and what was said at the end. */
export function linesOf({ exchanges, says, errors }: Observation): string[] {
  const answers = says.map((who) => styled("bold", who)).join(", ");
  const sentences = errors.flatMap(({ message }) => message.split(/(?<=\.) /));
  return [...columns(exchanges.map(cells)), `→ ${answers}`, ...sentences.map((sentence) => `  ${sentence}`)];
}

function cells({ method, url, status, credentials, own }: Observed): Cell[] {
  const ok = status !== undefined && status < 400;
  const shown = credentials.map(([name, value]) => `${name}: ${value}`).join(", ");
  return [
    [method],
    [url],
    [String(status ?? "failed"), ok ? "green" : "yellow"],
    own ? ["a request of the scheme's own", "dim"] : shown ? [shown, "cyan"] : ["no credentials", "dim"],
  ];
}

/** Rows with every column as wide as its widest cell. */
function columns(rows: readonly (readonly Cell[])[]): string[] {
  const widths = NARROWEST.map((width, column) => Math.max(width, ...rows.map((row) => row[column]?.[0].length ?? 0)));
  return rows.map((row) =>
    row
      .map(([text, style], column) => {
        const cell = text.padEnd(widths[column] ?? 0);
        return style ? styled(style, cell) : cell;
      })
      .join("  "),
  );
}
