import type { Ability } from "../specification/abilities.ts";
import type { Order } from "../specification/run.ts";
import type { Site } from "../site/site.ts";

/** A runtime that has been started: it runs the specification until it ends, and reports to the site meanwhile. */
export interface Started {
  /** Settles when it has come to its end; what it said if that was not a good one. */
  readonly ended: Promise<string | undefined>;
  stop(): Promise<void> | void;
}

/** A runtime, and how it is made to run a module. */
export interface Runtime {
  /** As it is written in the table. */
  readonly name: string;
  /** In which its packages are looked up. */
  readonly conditions: readonly string[];
  /** What it lacks, each a gap of the table that has its line below. */
  readonly lacks: readonly Ability[];
  /** Its version; undefined where it isn't installed. */
  version(): Promise<string | undefined>;
  /** Runs a bundle of the specification, whose default export is `runAll`. */
  start(bundle: string, order: Order, site: Site): Promise<Started>;
}
