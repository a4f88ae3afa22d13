import type { Ability } from "../specification/abilities.ts";
import type { Order } from "../specification/run.ts";
import type { Site } from "../site/site.ts";

/** A runtime that has been started: it runs the specification until it ends, and reports to the site meanwhile. */
export interface Started {
  /** Settles when it has come to its end; what it said if that was not a good one. */
  readonly ended: Promise<string | undefined>;
  stop(): Promise<void> | void;
}

/** What a runtime is made to run. */
export interface Files {
  /** Where the tarballs are installed. */
  readonly folder: string;
  /** The module in there that exports `runAll`. */
  readonly specification: string;
  /** The module in there that exports `load`, for those that find nothing at run time. */
  readonly installed: string;
}

/** A runtime, and how it is made to run a module. */
export interface Runtime {
  /** As it is written in the table. */
  readonly name: string;
  /** Whether it comes from the system, in whatever version that has. */
  readonly isSystems?: true;
  /** The conditions under which its packages are looked up. */
  readonly conditions: readonly string[];
  /** What it lacks, each a gap of the table that has its line below. */
  readonly lacks: readonly Ability[];
  /** Its version; undefined where it isn't installed. */
  version(): Promise<string | undefined>;
  /** Runs the specification. */
  start(files: Files, order: Order, site: Site): Promise<Started>;
}
