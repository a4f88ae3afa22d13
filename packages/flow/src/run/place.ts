import type { BodySource } from "../body/body-source.ts";
import type { AuthScheme, FlowRequest } from "../types.ts";
import { type Guard, restore } from "./guard.ts";
import type { Hop } from "./hop.ts";
import type { Flow } from "./lifetime.ts";
import { Stage } from "./stage.ts";

/** A stage among others: what came in from outside, and what those inside have to respect. */
export class Place extends Stage {
  /** Its number among the layers of the call. */
  readonly depth: number;
  /** The body that goes with its request. */
  readonly body: BodySource | undefined;
  /** Where its request stands in the call; `undefined` for a scheme's own request. */
  readonly hop: Hop | undefined;
  /** What the schemes outside have set. */
  readonly guard: Guard;
  #before: Guard | undefined;

  /** @param before the headers that a flow outside, which still holds the same Request, has to find again */
  constructor(
    scheme: AuthScheme,
    request: FlowRequest,
    flow: Flow,
    depth: number,
    body: BodySource | undefined,
    hop: Hop | undefined,
    guard: Guard,
    before: Guard | undefined,
  ) {
    super(scheme, request, flow);
    this.depth = depth;
    this.body = body;
    this.hop = hop;
    this.guard = guard;
    this.#before = before;
  }

  restore(): void {
    if (this.#before) restore(this.request.headers, this.#before);
  }
}
