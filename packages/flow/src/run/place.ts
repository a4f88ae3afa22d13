import type { BodySource } from "../body/body-source.ts";
import type { AuthScheme, FlowRequest } from "../types.ts";
import type { Entries } from "../headers.ts";
import { restore } from "./guard.ts";
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
  /** The headers that the flow found, where there is one outside that may have set some of them. */
  readonly before: Entries;
  readonly #restores: boolean;

  /** @param restores whether a flow outside, which still holds the same Request, may look at its headers again */
  constructor(
    scheme: AuthScheme,
    request: FlowRequest,
    flow: Flow,
    depth: number,
    body: BodySource | undefined,
    hop: Hop | undefined,
    before: Entries,
    restores: boolean,
  ) {
    super(scheme, request, flow);
    this.depth = depth;
    this.body = body;
    this.hop = hop;
    this.before = before;
    this.#restores = restores;
  }

  restore(): void {
    if (this.#restores) restore(this.request.headers, this.before);
  }
}
