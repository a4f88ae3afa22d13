import type { AuthError } from "@authflow/flow";

/** What an example ends with: a response, or an error that it was to show. */
export type Outcome = Response | AuthError;

/** What an example exports: it is given the origin of the site, and uses it as a program would use yours. */
export type Run = (origin: string) => Promise<Outcome | readonly Outcome[]>;

/** An example, and what has to come of it. */
export interface Section {
  readonly title: string;
  /** The file in this folder. */
  readonly file: string;
  readonly run: Run;
  /** Each exchange: method, path, status, and the headers that hold credentials; `(own)` where it is the scheme's. */
  readonly wire: readonly string[];
  /** Whom the site takes the caller for in each response, and the code of each error. */
  readonly says: readonly string[];
}

/** A chapter of HTTPX's page. */
export interface Chapter {
  readonly title: string;
  readonly sections: readonly Section[];
}
