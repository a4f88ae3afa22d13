// The form of the specification. It knows no test framework, so that it runs wherever a module does.
import type { Ability } from "./abilities.ts";
import type { Place } from "./place.ts";

/** What a case does; it passes if nothing is thrown. */
export type Run = (at: Place) => Promise<void> | void;

/** A case that every runtime can keep. */
export interface PlainCase {
  /** Present tense, reads as a sentence of a specification. */
  readonly title: string;
  readonly run: Run;
}

/** A case that needs something of the platform, with what holds where the platform doesn't have it. */
export interface NeedyCase extends PlainCase {
  readonly needs: Ability;
  readonly without: Case;
}

export type Case = PlainCase | NeedyCase;

/** The cases of one promise, which is one row of the table. */
export interface Chapter {
  readonly promise: string;
  readonly cases: readonly Case[];
}

/** What is run of a case on a runtime that lacks some abilities. */
export function caseFor(given: Case, lacks: readonly Ability[]): PlainCase {
  return "needs" in given && lacks.includes(given.needs) ? caseFor(given.without, lacks) : given;
}

/** The abilities for want of which a runtime runs something else. */
export function lackedBy(given: Case, lacks: readonly Ability[]): Ability[] {
  return "needs" in given && lacks.includes(given.needs) ? [given.needs, ...lackedBy(given.without, lacks)] : [];
}
