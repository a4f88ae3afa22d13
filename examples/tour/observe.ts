import { type AuthError, type Exchange, exchangesOf, isAuthError } from "@authflow/flow";
import type { Outcome, Run } from "./example.ts";

/** One exchange, as it went over the wire. */
export interface Observed {
  readonly method: string;
  readonly url: string;
  /** `undefined` where no response came. */
  readonly status: number | undefined;
  /** The headers that hold credentials, as the history shows them: redacted. */
  readonly credentials: readonly (readonly [name: string, value: string])[];
  /** The request was the scheme's own. */
  readonly own: boolean;
}

/** What came of an example. */
export interface Observation {
  readonly exchanges: readonly Observed[];
  /** Whom the site took the caller for in each response, and the code of each error. */
  readonly says: readonly string[];
  readonly errors: readonly AuthError[];
}

/** Runs an example, and looks at the history of what it ends with. */
export async function observe(run: Run, origin: string): Promise<Observation> {
  const outcomes = [await run(origin)].flat();
  return {
    exchanges: outcomes.flatMap((outcome) => exchangesOf(outcome).map(observed)),
    says: await Promise.all(outcomes.map(saysOf)),
    errors: outcomes.filter((outcome) => isAuthError(outcome)),
  };
}

/** An exchange in the words of {@link Section.wire}. */
export function wireOf({ method, url, status, credentials, own }: Observed): string {
  const { pathname, search } = new URL(url);
  const names = own ? ["(own)"] : credentials.map(([name]) => name);
  return [method, `${pathname}${search}`, status ?? "failed", ...names].join(" ");
}

function observed({ request, response, side }: Exchange): Observed {
  const { method, url, headers } = request;
  const credentials = [...headers].filter(([, value]) => value.endsWith("[redacted]"));
  return { method, url, status: response?.status, credentials, own: side };
}

async function saysOf(outcome: Outcome): Promise<string> {
  if (isAuthError(outcome)) return outcome.code;
  const { you, error } = (await outcome.json()) as { you?: string; error?: string }; // see site/pages.ts
  return you ?? error ?? "nothing";
}
