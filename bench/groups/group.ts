import type { Table } from "../report/table.ts";

/** Figures that belong together, measured in a process of their own. */
export interface Group {
  readonly title: string;
  /** @param quick fewer rounds, which show that it works and not how long anything takes */
  measure(quick: boolean): Promise<Table>;
}
