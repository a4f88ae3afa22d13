import type { Fetch } from "@authflow/flow";
import type { VerifyCredentials } from "./expectation.ts";
import type { RecordedCall } from "./incoming.ts";
import { Script } from "./script.ts";
import type { ScriptStep } from "./step.ts";

export interface ScriptOptions {
  /** Names for origins, for the `origin` of an expectation: `{ A: "https://a.test" }`. Default: none. */
  readonly origins?: Readonly<Record<string, string | URL>> | undefined;
  /** Proves the credentials where an expectation says `verify: true`. */
  readonly verify?: VerifyCredentials | undefined;
}

/** A fetch that follows a script. */
export interface ScriptedFetch extends Fetch {
  /** Every call whose body was read, in the order in which they came. */
  readonly calls: readonly RecordedCall[];
  /** How many steps are left. */
  readonly left: number;
  /**
   * Says that the script is over. Call it last in a test: a mismatch that a flow caught and hid comes out here.
   * @throws `ERR_AUTHFLOW_SCRIPT` if a request was not as expected, a step is left, or a call is not answered yet
   * @throws what a `check`, a `verify` or a function that replies has thrown
   */
  done(): void;
}

/**
 * Makes a fetch that expects exactly the requests of a script and answers each as the script says. It touches no
 * network, follows no redirect, and reads no clock.
 *
 * @param steps the exchanges, in order; parallel calls take theirs in the order in which they are made
 * @returns a fetch; a call that is not as expected rejects, and so does one after the last step
 * @throws `ERR_AUTHFLOW_INVALID_OPTION` for a script that can't be followed
 *
 * @example
 * ```ts
 * import { scriptedFetch } from "@authflow/testing";
 *
 * const fetch = scriptedFetch([
 *   { expect: { method: "GET", authorization: null }, reply: { status: 401, headers: { "www-authenticate": "Token" } } },
 *   { expect: { authorization: "Token 123" }, reply: { body: "hello" } },
 * ]);
 * await fetch("https://example.com/");
 * const response = await fetch("https://example.com/", { headers: { authorization: "Token 123" } });
 * fetch.done();
 * console.log(await response.text()); // → hello
 * ```
 */
export function scriptedFetch(steps: readonly ScriptStep[], options: ScriptOptions = {}): ScriptedFetch {
  const script = new Script(steps, { origins: options.origins ?? {}, verify: options.verify });
  const fetch = (input: string | URL | Request, init?: RequestInit, ...rest: readonly unknown[]): Promise<Response> =>
    script.call(input, init, rest);
  return Object.defineProperties(fetch, {
    calls: { get: () => script.calls },
    left: { get: () => script.left },
    done: { value: () => script.done() },
  }) as ScriptedFetch; // it has the members now
}
