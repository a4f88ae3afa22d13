import { AuthError } from "@authflow/flow";

/** What was expected and what came instead, as far as a test has to know to be put right. */
export interface Difference {
  /** Which part of the request: `method`, `header "x-a"`, `body`. */
  readonly part: string;
  readonly expected: string;
  readonly actual: string;
}

/** `ERR_AUTHFLOW_SCRIPT`: a request is not the one that the script expects, or a step of the script is left. */
export class ScriptError extends AuthError {
  /** The step that didn't fit, from 1; undefined where the script as a whole didn't. */
  declare readonly step?: number;
  /** Every part of the request that is different. */
  readonly differences: readonly Difference[];

  constructor(
    message: string,
    options: { readonly step?: number; readonly differences?: readonly Difference[]; readonly cause?: unknown } = {},
  ) {
    super("ERR_AUTHFLOW_SCRIPT", message, "cause" in options ? { cause: options.cause } : {});
    if (options.step !== undefined) this.step = options.step;
    this.differences = options.differences ?? [];
  }

  override get name(): string {
    return "ScriptError";
  }
}
