import type { RequestExpectation } from "./expectation.ts";
import type { ScriptReply } from "./reply.ts";

/** One exchange of a script. */
export interface ScriptStep {
  /** What the request has to be. Default: any request will do. */
  readonly expect?: RequestExpectation | undefined;
  readonly reply: ScriptReply;
  /** How many requests the step is for. `Infinity`: as many as come, also none; only the last step may say so. Default: 1. */
  readonly times?: number | undefined;
  /** How many bytes of the request's body are read before the reply, in whole chunks. Default: all. */
  readonly reads?: number | undefined;
  /** What becomes of the rest: runtimes differ. Default: `cancel`. */
  readonly rest?: "cancel" | "leave" | undefined;
}
